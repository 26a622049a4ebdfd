import type { Address } from '../../io/dial.ts';
import type { Balanced } from '../balance/balancer.ts';
import { EndpointHealth } from '../balance/endpoint-health.ts';
import { Connection } from './connection.ts';
import type { UpstreamRuntime } from './runtime.ts';
import type { Shard } from './shard.ts';

/** A server that says how long it keeps a connection closes it then: ours leaves the pool so much earlier, in milliseconds. */
const MARGIN_MS = 1000;

/** One address of a shard and the connections to it. */
export class Endpoint implements Balanced {
  readonly shard: Shard;
  readonly name: string;
  readonly address: Address;
  readonly health: EndpointHealth;
  readonly runtime: UpstreamRuntime;
  /** Requests under way here. */
  inFlight = 0;
  /** It left the topology: no connection is kept after what it carries. */
  retired = false;
  /** A connection to it has come up once. */
  reached = false;
  lastError = '';
  /** The last one in is the first one out: what is not needed stays unused, and ends. */
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();

  constructor(shard: Shard, name: string, address: Address) {
    this.shard = shard;
    this.name = name;
    this.address = address;
    this.runtime = shard.runtime;
    this.health = new EndpointHealth(shard.options.outlier, shard.runtime.random);
  }

  /** Connections now. */
  get connections(): number {
    return this.#all.size;
  }

  /** A connection for one exchange: one that rests, or a new one; undefined when there are too many. */
  take(): Connection | undefined {
    return this.#idle.pop() ?? this.open();
  }

  /** A new connection, which is being dialled; undefined when there are too many. */
  open(): Connection | undefined {
    if (this.#all.size >= this.runtime.limits.connectionsPerEndpoint) return undefined;
    const connection = new Connection(this);
    this.#all.add(connection);
    connection.dial(this.#connectMs);
    return connection;
  }

  /** Tries to connect. @param done called with the reason why that fails, empty where it works */
  probe(done: (reason: string) => void): void {
    const connection = new Connection(this);
    this.#all.add(connection);
    connection.probed = done;
    connection.dial(this.#connectMs);
  }

  /** The connection has nothing to do. @param keepAliveMs how long the server keeps it, 0 where it does not say */
  rest(connection: Connection, keepAliveMs: number): void {
    const { limits, now } = this.runtime;
    connection.idleUntil = now + (keepAliveMs === 0 ? limits.upstreamIdleMs : keepAliveMs - MARGIN_MS);
    this.#idle.push(connection);
  }

  /** The connection is gone. */
  closed(connection: Connection, wasIdle: boolean): void {
    this.#all.delete(connection);
    if (!wasIdle) return;
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
  }

  connected(): void {
    this.reached = true;
    this.lastError = '';
    this.shard.stats.connected();
  }

  refused(reason: string): void {
    this.lastError = reason;
    this.shard.stats.connectFailed();
  }

  /** Ends connections that have rested long enough. */
  sweep(now: number): void {
    for (let i = this.#idle.length - 1; i >= 0; i--) {
      const connection = this.#idle[i] as Connection;
      if (now >= connection.idleUntil) connection.close();
    }
  }

  /** It left the topology, or is somewhere else: what rests ends now, the others when they are through. */
  retire(): void {
    this.retired = true;
    this.#closeIdle();
  }

  /** Ends everything at once. */
  close(): void {
    this.retired = true;
    for (const connection of [...this.#all]) connection.cancel();
  }

  /** Leaves time for another endpoint. */
  get #connectMs(): number {
    return Math.min(this.runtime.limits.connectMs, this.shard.options.timeoutMs / 2);
  }

  #closeIdle(): void {
    for (const connection of [...this.#idle]) connection.close();
  }
}
