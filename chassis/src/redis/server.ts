import { createServer, type Server, type Socket } from 'node:net';
import type { RedisTopology } from '@motif/api';
import type { CheckResult, Clock, Logger, Random, Registry } from '@motif/kit';
import { openSocket } from '../io/dial.ts';
import { Flusher } from '../io/flusher.ts';
import type { Runtime } from '../io/runtime.ts';
import type { HotKeys } from '../load/hot-keys.ts';
import { type ShardLoad, ShardLoads } from '../load/shard-loads.ts';
import { Fleet, updateExcluded } from './fleet.ts';
import { RedisMetrics } from './metrics/redis-metrics.ts';
import { RedisProxy } from './proxy.ts';
import type { Introduction } from './upstream/health.ts';

/** How often time-outs are looked at: a command's comes at most this late. */
const TICK_MS = 50;

export interface RedisServerOptions {
  /** Host and port, or the path of a unix socket. */
  readonly listen: { readonly host: string; readonly port: number } | { readonly path: string };
  /** The secret in a file of the secrets' folder, as UTF-8. */
  readonly secret: (file: string) => string | undefined;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
  /** Where keys are counted; none: they are not. */
  readonly hotKeys?: HotKeys | undefined;
}

/**
 * The Redis sharding proxy as a server: takes topologies, accepts clients, drains. Before the first topology nothing is
 * accepted, so that clients are refused instead of left waiting.
 */
export class RedisServer {
  readonly #options: RedisServerOptions;
  readonly #runtime: Runtime;
  readonly #metrics: RedisMetrics;
  readonly #fleet: Fleet;
  readonly #loads: ShardLoads;
  readonly #server: Server;
  #proxy: RedisProxy | undefined;
  #ticking: { cancel(): void } | undefined;
  #listening: Promise<void> | undefined;

  constructor(options: RedisServerOptions) {
    this.#options = options;
    this.#runtime = runtimeOf(options);
    this.#metrics = new RedisMetrics(options.registry);
    this.#metrics.watch(() => this.#proxy);
    this.#fleet = new Fleet({
      runtime: this.#runtime,
      secret: (file) => asBytes(options.secret(file)),
      stats: (name) => this.#metrics.shard(name),
      introduced: (introduction) => this.#introduced(introduction),
      changed: () => this.#proxy && updateExcluded(this.#proxy),
      hotKeys: options.hotKeys,
    });
    this.#loads = new ShardLoads(options.clock, () => this.#fleet.shards.map((shard) => this.#metrics.load(shard)));
    this.#server = createServer(
      { noDelay: true, keepAlive: true, pauseOnConnect: true, allowHalfOpen: true },
      (socket) => this.#accept(socket),
    );
  }

  get proxy(): RedisProxy | undefined {
    return this.#proxy;
  }

  /** A topology comes into force; the first one opens the door. @returns when clients can connect */
  apply(topology: RedisTopology): Promise<void> {
    const routing = this.#fleet.apply(topology);
    if (this.#proxy === undefined) {
      this.#proxy = new RedisProxy(this.#runtime, routing);
      this.#tick();
    } else this.#proxy.adopt(routing);
    this.#listening ??= this.#listen();
    return this.#listening;
  }

  /** Secrets towards the shards have changed. */
  reauthenticate(): void {
    this.#fleet.reauthenticate();
  }

  /** For `/readyz`: at least one shard takes traffic. */
  readonly check = (): CheckResult => {
    const shards = this.#fleet.shards;
    const down = shards.filter((shard) => !shard.serving);
    const reason = down
      .map(({ name, loading, lastError }) => `${name}: ${loading ? 'loading' : lastError || 'not reached yet'}`)
      .join('; ');
    return { ok: down.length < shards.length, ...(reason === '' ? {} : { reason }) };
  };

  /** What each shard has to do. */
  loads(): ShardLoad[] {
    return this.#loads.read();
  }

  /** Where it listens; a port of 0 was replaced by the real one. */
  address(): ReturnType<Server['address']> {
    return this.#server.address();
  }

  /** Accepts nothing more, lets clients finish what is in flight, closes what is left when `deadline` aborts. */
  async drain(deadline: AbortSignal): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#listening === undefined) return this.close();
    this.#proxy?.drain();
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
    this.#loads.close();
    this.#fleet.close();
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
      this.#fleet.tick(this.#runtime.now());
      this.#proxy?.tick();
    });
  }

  #introduced({ shard, commands, version, databases }: Introduction): void {
    const proxy = this.#proxy;
    if (proxy === undefined) return;
    if (version !== '') proxy.serverVersion = version;
    if (databases > 0) proxy.databases = databases;
    // An empty answer says nothing.
    if (Array.isArray(commands) && commands.length > 0)
      proxy.resp3 = commands.some((one) => Array.isArray(one) && one[0] === 'hello');
    const { forwarded, refused } = proxy.table.learn(commands);
    if (forwarded.length + refused.length === 0) return;
    this.#options.logger.info('learned commands from a shard', { shard: shard.name, forwarded, refused });
  }
}

function runtimeOf({ clock, random, logger }: RedisServerOptions): Runtime {
  return {
    now: () => clock.monotonic(),
    random,
    logger,
    flusher: new Flusher({
      defer: setImmediate,
      later: (run) => clock.setTimeout(run, 1),
      now: () => clock.monotonic(),
    }),
    open: openSocket,
    after: (ms, run) => {
      const timer = clock.setTimeout(run, ms);
      return { cancel: () => clock.clearTimeout(timer) };
    },
  };
}

/** UTF-8 as one character a byte, which is how texts are sent. */
function asBytes(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text, 'utf8').toString('latin1');
}
