import { backoffDelay } from '@motif/kit';
import type { Address } from '../../io/dial.ts';
import type { Runtime } from '../../io/runtime.ts';
import { Circuit } from '../../resilience/circuit.ts';
import { Connection } from './connection.ts';
import type { Credentials } from './handshake.ts';
import type { ShardStats } from './stats.ts';

export interface ShardOptions {
  readonly timeoutMs: number;
  readonly ejectAfter: number;
  readonly retryAfterMs: number;
  readonly maxRetryMs: number;
  /** True: the shard comes back empty after it was ejected. */
  readonly flushOnReturn: boolean;
}

/** Reconnects after a failure wait a random part of this, doubled by each failure in a row. */
const RECONNECT = { baseMs: 20, capMs: 1000 };

/** One shard: its address, whether it counts as dead, and the connections to it. */
export class Shard {
  readonly name: string;
  readonly runtime: Runtime;
  readonly stats: ShardStats;
  circuit: Circuit;
  /** Who the proxy is to it, asked at each connection. */
  credentials: () => Credentials;
  address: Address;
  options: ShardOptions;
  /** The shard answers but has not read its data yet. */
  loading = false;
  lastError = '';
  /** Called after it was ejected or came back. */
  onChange: () => void = () => {};
  readonly #shared = new Map<number, Connection>();
  readonly #all = new Set<Connection>();

  constructor(
    name: string,
    address: Address,
    options: ShardOptions,
    runtime: Runtime,
    stats: ShardStats,
    credentials: () => Credentials,
  ) {
    this.name = name;
    this.address = address;
    this.options = options;
    this.runtime = runtime;
    this.stats = stats;
    this.credentials = credentials;
    this.circuit = new Circuit(options, runtime.random);
  }

  /** Other time-outs and thresholds, from the next command on. */
  reconfigure(options: ShardOptions): void {
    const { ejectAfter, retryAfterMs, maxRetryMs } = this.options;
    const same =
      ejectAfter === options.ejectAfter && retryAfterMs === options.retryAfterMs && maxRetryMs === options.maxRetryMs;
    this.options = options;
    // A dead shard begins anew: that costs a few failed dials.
    if (!same) this.circuit = new Circuit(options, this.runtime.random);
  }

  get connections(): ReadonlySet<Connection> {
    return this.#all;
  }

  /** Whether it takes traffic: a connection is up, it is not ejected, and its data is loaded. */
  get serving(): boolean {
    if (this.circuit.open || this.loading) return false;
    for (const connection of this.#all) if (connection.state === 'ready') return true;
    return false;
  }

  /** The connection that all clients of a protocol and database share; undefined while the shard is ejected. */
  shared(protocol: number, database: number): Connection | undefined {
    const key = database * 2 + protocol - 2;
    const present = this.#shared.get(key);
    if (present !== undefined) return present;
    if (this.circuit.open) return undefined;
    const connection = this.#connect(protocol, database);
    this.#shared.set(key, connection);
    return connection;
  }

  /** A connection for `owner` alone; undefined while the shard is ejected. */
  own(protocol: number, database: number, owner: object): Connection | undefined {
    if (this.circuit.open) return undefined;
    const connection = this.#connect(protocol, database);
    connection.joinable = false;
    connection.owner = owner;
    connection.forgetSent();
    return connection;
  }

  /** A connection for nothing but to find out whether the shard lives; also while it is ejected. */
  probe(): Connection {
    const connection = this.#connect(2, 0, true);
    connection.joinable = false;
    connection.owner = this;
    return connection;
  }

  /** No more commands join the connections there are: the shard moved, changed its credentials or is removed. */
  retire(): void {
    for (const connection of [...this.#all]) if (connection.joinable) connection.detach(null);
  }

  /** It is somewhere else now: whatever still hangs on its old address gets no new commands, and its failures are forgotten. */
  move(address: Address): void {
    this.address = address;
    this.retire();
    if (this.circuit.failures === 0) return;
    this.circuit = new Circuit(this.options, this.runtime.random);
    this.onChange();
  }

  sweep(now: number): void {
    for (const connection of this.#all) connection.sweep(now);
  }

  close(reason: string): void {
    for (const connection of [...this.#all]) connection.close(reason, false);
  }

  /** The connection is not shared any more. */
  forget(connection: Connection): void {
    const key = connection.database * 2 + connection.protocol - 2;
    if (this.#shared.get(key) === connection) this.#shared.delete(key);
  }

  opened(): void {
    this.stats.connected();
    this.lastError = '';
  }

  closed(connection: Connection): void {
    this.#all.delete(connection);
  }

  /** A command timed out, a dial failed, or a connection broke with commands in flight. */
  failed(now: number, reason: string): void {
    this.lastError = reason;
    if (!this.circuit.failure(now)) return;
    this.stats.ejected();
    this.runtime.logger.warn('shard ejected', {
      shard: this.name,
      failures: this.circuit.failures,
      reason: this.lastError,
    });
    this.retire();
    this.onChange();
  }

  /** It answered something. While it is ejected only the probe's verdict counts. */
  succeeded(): void {
    if (!this.circuit.open) this.circuit.success();
  }

  /** The probe was good: traffic goes there again. */
  returned(): void {
    if (!this.circuit.success()) return;
    this.runtime.logger.info('shard is back', { shard: this.name });
    this.onChange();
  }

  #connect(protocol: number, database: number, immediate = false): Connection {
    const connection = new Connection(this, protocol, database);
    this.#all.add(connection);
    const { failures } = this.circuit;
    connection.start(failures === 0 || immediate ? 0 : backoffDelay(failures - 1, RECONNECT, this.runtime.random));
    return connection;
  }
}
