import type { AttemptFailure } from '../../resilience/retry-policy.ts';
import { isUsable } from '../balance/hedge.ts';
import type { RequestHead } from '../message/index.ts';
import type { Routing } from '../routing.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import type { Shard } from '../upstream/shard.ts';
import type { Exchange } from './exchange.ts';
import { Hedging } from './hedging.ts';
import { Place } from './place.ts';
import { failureOf, RetryPlan } from './retry-plan.ts';
import { chooseShard, refuseDead, routeOf, UNROUTED } from './route.ts';
import { ANSWERING, BACKOFF, QUEUED, SENT } from './states.ts';
import { writeRequest } from './write-request.ts';

/**
 * The way of one request to an endpoint, again where that is allowed. Everything that is taken on the way (a place at the shard, a
 * connection, a count of the endpoint) is given back exactly once, in `#release`.
 */
export class Attempt {
  readonly #x: Exchange;
  routing: Routing | undefined;
  shard: Shard | undefined;
  target: Endpoint | undefined;
  connection: Connection | undefined;
  /** When the next attempt is due, while it backs off. */
  retryAt = 0;
  readonly #place: Place;
  readonly #plan = new RetryPlan();
  readonly #hedging: Hedging;

  constructor(x: Exchange) {
    this.#x = x;
    this.#place = new Place(x);
    this.#hedging = new Hedging(x);
  }

  /** Sends the request to where its key belongs, as soon as that is possible. */
  start(head: RequestHead): void {
    const x = this.#x;
    const routing = x.proxy.routing;
    this.routing = routing;
    const index = routeOf(x, head, routing);
    if (index === UNROUTED) return;
    if (index < 0) {
      const { status, code, message } = routing.router.refusal;
      x.answer.own(status, code, message);
      return;
    }
    const shard = chooseShard(routing, index, this.#plan.shards, x.proxy.runtime.now);
    if (shard < 0) {
      refuseDead(x, routing.shards[index] as Shard);
      return;
    }
    this.shard = routing.shards[shard];
    x.stats = (this.shard as Shard).stats;
    this.#place.bind(routing, shard);
    if (shard !== index && routing.bounded !== undefined) (routing.shards[index] as Shard).stats.spilled();
    this.#enter(head);
  }

  /** A place is free: the request has it. */
  admitted(): void {
    const x = this.#x;
    this.#place.admitted();
    if (this.routing === x.proxy.routing) this.#send(x.again());
    else {
      // The topology has changed meanwhile: the key may belong elsewhere.
      this.#abandon();
      this.start(x.again());
    }
  }

  shed(): void {
    const x = this.#x;
    const { name } = this.shard as Shard;
    this.#abandon();
    x.answer.own(503, 'Overloaded', `too many requests for ${name} are under way`, 1);
  }

  /** A final head came on this connection. @returns whether it is the one that is passed on; else this connection is cancelled */
  won(connection: Connection, status: number): boolean {
    const shard = this.shard as Shard;
    const hedging = this.#hedging;
    if (connection === hedging.connection) {
      if (!isUsable(status)) {
        shard.answered(hedging.target as Endpoint, status);
        hedging.stop(shard);
        return false;
      }
      this.#record(shard);
      shard.stats.hedgeWon();
      this.#switch(shard);
      return true;
    }
    this.#record(shard);
    if (hedging.connection !== undefined && !isUsable(status)) {
      shard.answered(this.target as Endpoint, status);
      this.#switch(shard);
      return false;
    }
    hedging.stop(shard);
    return true;
  }

  /** The endpoint has answered with this status: what may have been sent again is not needed any more. */
  answered(status: number): void {
    const { shard, target } = this;
    if (target !== undefined) shard?.answered(target, status);
  }

  /** The exchange goes on as a tunnel: for how long says nothing about load. */
  tunnelled(): void {
    this.#place.leave(this.#x.answeredAt - this.#x.sentAt, true);
  }

  /** The exchange is whole: everything it held is free. */
  done(): void {
    const x = this.#x;
    const latency = x.answeredAt - x.sentAt;
    this.connection = undefined;
    this.#release(latency, true);
  }

  /** The connection ended before its answer did. */
  lost(connection: Connection, reason: string, refused: boolean): void {
    const x = this.#x;
    const shard = this.shard as Shard;
    if (connection === this.#hedging.connection) {
      this.#hedging.lost(shard, reason);
      return;
    }
    if (connection !== this.connection) return;
    const target = this.target as Endpoint;
    this.connection = undefined;
    if (this.#hedging.connection !== undefined) {
      shard.failed(target, reason);
      this.#switch(shard);
      return;
    }
    if (x.state >= ANSWERING) {
      if (x.state === ANSWERING) shard.failed(target, reason);
      this.#release(-1, true);
      x.answer.cut(`${target.name} of ${shard.name}: ${reason}`);
      return;
    }
    const failure = failureOf(connection, refused);
    // That an endpoint closes what has rested says nothing about its health.
    if (failure === 'stale' || !(refused || connection.wrote)) shard.abandoned(target);
    else shard.failed(target, reason);
    this.#release(-1, true);
    if (failure !== 'stale') this.#plan.tried.push(target);
    if (this.#plan.allows(x, shard, failure, connection.wrote || refused)) this.#retry(shard, failure);
    else if (refused) x.answer.own(503, 'ShardDown', `${shard.name} is not reachable: ${reason}`, 1);
    else x.answer.own(502, 'BadUpstream', `${shard.name} gave no answer: ${reason}`);
  }

  /** No answer within the time-out of the shard. */
  timedOut(message: string): void {
    const x = this.#x;
    const { shard, target } = this;
    this.#drop();
    if (target !== undefined) shard?.failed(target, message);
    this.#release(x.proxy.runtime.now - x.sentAt, false);
    x.answer.own(504, 'ShardTimeout', message);
  }

  /** The caller waits no longer: that says nothing about the shard. */
  expired(): void {
    this.cancel();
    this.#x.answer.own(504, 'Deadline', 'the deadline of the caller is over');
  }

  /** The endpoint stopped in the middle of its answer. */
  stalled(): void {
    if (this.target !== undefined) this.shard?.failed(this.target, 'it stopped in the middle of an answer');
  }

  /** Nothing of what was begun is wanted any more. */
  cancel(): void {
    this.#drop();
    this.#abandon();
  }

  clear(): void {
    this.routing = undefined;
    this.shard = undefined;
    this.target = undefined;
    this.#plan.clear();
  }

  #drop(): void {
    const { connection } = this;
    this.connection = undefined;
    connection?.cancel();
  }

  #enter(head: RequestHead): void {
    const x = this.#x;
    const { admission } = this.shard as Shard;
    if (admission.tryEnter()) {
      this.#place.admitted();
      this.#send(head);
      return;
    }
    x.state = QUEUED;
    if (!admission.wait(x, x.proxy.runtime.now)) this.shed();
  }

  #send(head: RequestHead): void {
    const x = this.#x;
    const shard = this.shard as Shard;
    const { now } = x.proxy.runtime;
    const { tried, fresh } = this.#plan;
    const other = tried.length > 0 ? shard.balancer.pickOther(tried) : undefined;
    const target = other ?? shard.balancer.pick(now);
    if (target === undefined) {
      this.#abandon();
      x.answer.own(503, 'ShardDown', `${shard.name} has no endpoint`, 1);
      return;
    }
    const connection = fresh ? target.open() : target.take();
    if (connection === undefined) {
      this.#abandon();
      x.answer.own(503, 'Overloaded', `too many connections to ${target.name} of ${shard.name}`, 1);
      return;
    }
    this.target = target;
    this.connection = connection;
    target.inFlight++;
    x.state = SENT;
    x.endpoint = target.name;
    x.attempts++;
    x.sentAt = now;
    x.proxy.observer.onAttempt(x);
    connection.begin(x);
    writeRequest(x, head, connection);
    if (!x.uploaded || x.upload.blocked) x.upload.regulate(connection);
    this.#hedging.arm(shard, head);
  }

  #record({ hedge }: Shard): void {
    hedge?.record(this.#x.proxy.runtime.now - this.#x.sentAt);
  }

  /** The second replica takes the place of the first one, which is given up. */
  #switch(shard: Shard): void {
    const { connection, target } = this;
    this.connection = this.#hedging.connection;
    this.target = this.#hedging.target;
    this.#hedging.promoted();
    this.#x.endpoint = this.target?.name ?? '';
    connection?.cancel();
    if (target === undefined) return;
    target.inFlight--;
    shard.balancer.abandoned(target);
  }

  #retry(shard: Shard, failure: AttemptFailure): void {
    const x = this.#x;
    shard.stats.retried();
    const delayMs = this.#plan.next(x, shard, this.routing as Routing, failure);
    if (delayMs === 0) {
      this.start(x.again());
      return;
    }
    x.state = BACKOFF;
    this.retryAt = x.proxy.runtime.now + delayMs;
  }

  /** Gives up without a verdict. */
  #abandon(): void {
    const { shard, target } = this;
    if (this.#x.state === QUEUED) shard?.admission.cancel(this.#x);
    if (target !== undefined) shard?.abandoned(target);
    else shard?.circuit.abandon();
    this.#release(-1, true);
  }

  #release(latencyMs: number, ok: boolean): void {
    const { target } = this;
    this.#hedging.stop(this.shard);
    this.target = undefined;
    if (target !== undefined) target.inFlight--;
    this.#place.leave(latencyMs, ok);
  }
}
