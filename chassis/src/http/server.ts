import { createServer, type Server, type Socket } from 'node:net';
import type { HttpTopology } from '@motif/api';
import type { CheckResult, Clock, Logger, Random, Registry } from '@motif/kit';
import { openSocket } from '../io/dial.ts';
import { Flusher } from '../io/flusher.ts';
import { BoundedLoad } from './balance/bounded-load.ts';
import { Fleet } from './fleet.ts';
import { KeyRouter } from './keys/router.ts';
import { HTTP_LIMITS, type HttpLimits } from './limits.ts';
import { HttpObserver } from './observe/observer.ts';
import { HttpProxy } from './proxy.ts';
import type { RequestRouter, Routing } from './routing.ts';
import type { UpstreamRuntime } from './upstream/runtime.ts';

/** How often time-outs are looked at: a request's comes at most this late. */
const TICK_MS = 50;
/** Clients that wait are looked at in each of so many ticks. */
const SWEEP_TICKS = 10;

export interface HttpServerOptions {
  /** Host and port, or the path of a unix socket. */
  readonly listen: { readonly host: string; readonly port: number } | { readonly path: string };
  readonly registry: Registry;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
  /** What finds shards by a topology's `sharding`; the rules of the topology alone unless told. */
  readonly router?: (topology: HttpTopology) => RequestRouter;
  /** One without log and traces unless told. */
  readonly observer?: HttpObserver;
  readonly limits?: Partial<HttpLimits>;
  /** Our name in `Via`; without one there is none. */
  readonly via?: string;
}

/**
 * The HTTP sharding proxy as a server: takes topologies, accepts clients, drains. Before the first topology nothing is
 * accepted, so that clients are refused instead of left waiting.
 */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #runtime: UpstreamRuntime;
  readonly #observer: HttpObserver;
  readonly #fleet: Fleet;
  readonly #server: Server;
  #proxy: HttpProxy | undefined;
  #ticking: { cancel(): void } | undefined;
  #ticks = 0;
  #listening: Promise<void> | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#runtime = runtimeOf(options);
    const { registry, clock } = options;
    this.#observer = options.observer ?? new HttpObserver({ registry, clock });
    this.#fleet = new Fleet({ runtime: this.#runtime, stats: (name) => this.#observer.shard(name) });
    this.#observer.watch({
      clients: () => this.#proxy?.clients.size ?? 0,
      shards: () => this.#fleet.shards.map(gauged),
    });
    this.#server = createServer(
      { noDelay: true, keepAlive: true, pauseOnConnect: true, allowHalfOpen: true },
      (socket) => this.#accept(socket),
    );
  }

  get proxy(): HttpProxy | undefined {
    return this.#proxy;
  }

  /** A topology comes into force; the first one opens the door. @returns when clients can connect */
  apply(topology: HttpTopology): Promise<void> {
    const routing = this.#routing(topology);
    if (this.#proxy === undefined) {
      this.#proxy = new HttpProxy(this.#runtime, this.#options.clock, this.#observer, routing, this.#options.via);
      this.#tick();
    } else this.#proxy.routing = routing;
    this.#listening ??= this.#listen();
    return this.#listening;
  }

  /** For `/readyz`: at least one shard takes traffic. */
  readonly check = (): CheckResult => {
    const shards = this.#fleet.shards;
    const down = shards.filter((shard) => !shard.serving);
    const reason = down.map(({ name, lastError }) => `${name}: ${lastError || 'not reached yet'}`).join('; ');
    return { ok: down.length < shards.length, ...(reason === '' ? {} : { reason }) };
  };

  /** Per shard over the last ten seconds. */
  loads(): ReturnType<HttpObserver['loads']> {
    return this.#observer.loads();
  }

  /** Where it listens; a port of 0 was replaced by the real one. */
  address(): ReturnType<Server['address']> {
    return this.#server.address();
  }

  /** Accepts nothing more, lets clients finish what is in flight, closes what is left when `deadline` aborts. */
  async drain(deadline: AbortSignal): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#listening === undefined) return this.close();
    if (this.#proxy !== undefined) this.#proxy.draining = true;
    deadline.addEventListener('abort', () => this.#closeClients());
    if (deadline.aborted) this.#closeClients();
    await closed;
    this.close();
  }

  /** Ends everything at once. */
  close(): void {
    this.#server.close();
    this.#closeClients();
    this.#ticking?.cancel();
    this.#fleet.close();
    this.#observer.close();
  }

  #routing(topology: HttpTopology): Routing {
    const shards = this.#fleet.apply(topology);
    this.#observer.retain(shards.map(({ name }) => name));
    const { service, epoch, failure } = topology;
    const router = this.#options.router?.(topology) ?? new KeyRouter(topology);
    const percent = topology.sharding.boundedLoadPercent;
    const weights = topology.shards.map(({ weight }) => weight);
    const bounded = percent === undefined ? undefined : new BoundedLoad(router.locator, weights, percent);
    const rehash = failure.onDeadShard === 'Rehash';
    return { service, epoch, shards, rehash, bounded, router };
  }

  #closeClients(): void {
    for (const client of this.#proxy?.clients ?? []) client.wire.destroy();
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ ...this.#options.listen, backlog: 1024 }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.#options.logger.error('cannot accept', { error }));
        resolve();
      });
    });
  }

  #accept(socket: Socket): void {
    this.#proxy?.serve(socket);
  }

  #tick(): void {
    this.#ticking = this.#runtime.after(TICK_MS, () => {
      this.#tick();
      this.#runtime.tick();
      const { now } = this.#runtime;
      this.#fleet.tick(now);
      this.#proxy?.tick(now);
      if (this.#ticks++ % SWEEP_TICKS === 0) this.#proxy?.sweep(now);
    });
  }
}

function gauged(shard: Fleet['shards'][number]) {
  const { name, serving: up, connections, stale, admission, balancer } = shard;
  const { queued: waiting, limit } = admission;
  const { ejected, panic } = balancer;
  return { name, up, connections, waiting, limit, ejected, panic, stale };
}

function runtimeOf({ clock, random, logger, limits }: HttpServerOptions): UpstreamRuntime {
  return {
    now: clock.monotonic(),
    tick() {
      (this as { now: number }).now = clock.monotonic();
    },
    limits: { ...HTTP_LIMITS, ...limits },
    random,
    logger,
    flusher: new Flusher({ defer: setImmediate }),
    open: openSocket,
    after: (ms, run) => {
      const timer = clock.setTimeout(run, ms);
      return { cancel: () => clock.clearTimeout(timer) };
    },
  };
}
