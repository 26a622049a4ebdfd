import { WheelTimer } from '../../resilience/timer-wheel.ts';
import type { RequestHead } from '../message/index.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import type { Shard } from '../upstream/shard.ts';
import type { Exchange } from './exchange.ts';
import { SENT } from './states.ts';
import { writeRequest } from './write-request.ts';

/** Safe to be done twice and in vain (RFC 9110, 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A second replica that is asked while the first one has not answered. At most one of the two answers is passed on: `Attempt` knows one
 * connection, and this is the other one until it wins or is cancelled.
 */
export class Hedging {
  readonly #x: Exchange;
  readonly #timer: WheelTimer;
  connection: Connection | undefined;
  target: Endpoint | undefined;
  /** The timer runs or the second request does. */
  #armed = false;

  constructor(x: Exchange) {
    this.#x = x;
    this.#timer = new WheelTimer(() => this.#fire());
  }

  /** The request has gone to its first replica: another one may be asked later. */
  arm(shard: Shard, head: RequestHead): void {
    const x = this.#x;
    const { hedge } = shard;
    if (hedge === undefined || shard.endpoints.length < 2 || x.attempts > 1 || x.retriedByCaller) return;
    if (!SAFE.has(head.method) || !x.uploaded || x.framer.content > 0 || x.upgrade) return;
    const delayMs = hedge.request();
    if (delayMs < 0) return;
    this.#armed = true;
    x.proxy.hedges.start(this.#timer, delayMs);
  }

  /** The second one has taken the place of the first. */
  promoted(): void {
    this.connection = undefined;
    this.target = undefined;
  }

  /** The second connection ended before it answered. */
  lost(shard: Shard, reason: string): void {
    const { target } = this;
    this.promoted();
    if (target === undefined) return;
    target.inFlight--;
    shard.failed(target, reason);
  }

  /** Nothing more is wanted of a second replica. */
  stop(shard: Shard | undefined): void {
    if (!this.#armed) return;
    this.#armed = false;
    this.#x.proxy.hedges.stop(this.#timer);
    const { connection, target } = this;
    this.connection = undefined;
    this.target = undefined;
    connection?.cancel();
    if (target === undefined) return;
    target.inFlight--;
    shard?.balancer.abandoned(target);
  }

  #fire(): void {
    const x = this.#x;
    const { shard, target } = x.attempt;
    if (x.state !== SENT || shard?.hedge === undefined || target === undefined || !x.kept.complete) return;
    const other = shard.balancer.pickOther([target]);
    if (other === undefined || !shard.hedge.trySpend()) return;
    const connection = other.take();
    if (connection === undefined) return;
    other.inFlight++;
    this.connection = connection;
    this.target = other;
    shard.stats.hedged();
    connection.begin(x);
    writeRequest(x, x.again(), connection);
  }
}
