import { type AttemptFailure, mayRetry, retryDelayMs } from '../../resilience/retry-policy.ts';
import { REPLAY_BYTES, WINDOW_BYTES } from '../limits.ts';
import type { RequestHead } from '../message/index.ts';
import type { Routing } from '../routing.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import type { Shard } from '../upstream/shard.ts';
import type { Exchange } from './exchange.ts';
import { chooseShard, routeOf, UNROUTED } from './route.ts';
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
  /** Holds a place at its shard. */
  #placed = false;
  /** Index of the shard whose load counts it; -1: none. */
  #bounded = -1;
  /** The connection takes no more for now: the client is not read. */
  #blocked = false;
  /** Next time a connection that is new is wanted. */
  #fresh = false;
  readonly #tried: Endpoint[] = [];
  readonly #triedShards: Shard[] = [];

  constructor(x: Exchange) {
    this.#x = x;
  }

  /** Nothing more may be read from the client for now. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Bytes of the request that the endpoint has not taken. */
  get unsent(): number {
    return this.connection?.outbox.queued ?? 0;
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
    const shard = chooseShard(routing, index, this.#triedShards, x.proxy.runtime.now);
    if (shard < 0) {
      this.#unavailable(routing.shards[index] as Shard);
      return;
    }
    this.shard = routing.shards[shard];
    x.stats = (this.shard as Shard).stats;
    if (routing.bounded !== undefined) {
      routing.bounded.enter(shard);
      this.#bounded = shard;
      if (shard !== index) (routing.shards[index] as Shard).stats.spilled();
    }
    this.#enter(head);
  }

  /** A place is free: the request has it. */
  admitted(): void {
    const x = this.#x;
    this.#placed = true;
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

  /** Bytes of the body go on to the endpoint, if there is one. */
  upload(buffer: Buffer, from: number, to: number): void {
    const { connection } = this;
    if (connection === undefined) {
      if (this.#x.kept.length > REPLAY_BYTES) this.#blocked = true;
      return;
    }
    connection.outbox.append(buffer, from, to);
    this.#regulate(connection);
  }

  /** The endpoint has taken bytes. */
  drained(): void {
    const { connection } = this;
    if (!this.#blocked || connection === undefined || connection.outbox.queued > WINDOW_BYTES / 2) return;
    this.#blocked = false;
    this.#x.client.regulate();
  }

  /** An answer's head came on this connection. @returns whether it is the one that is passed on */
  won(connection: Connection): boolean {
    return connection === this.connection;
  }

  /** The endpoint has answered with this status: what may have been sent again is not needed any more. */
  answered(status: number): void {
    const { shard, target } = this;
    if (target !== undefined) shard?.answered(target, status);
  }

  /** The exchange goes on as a tunnel: for how long says nothing about load. */
  tunnelled(): void {
    this.#leavePlace(this.#x.answeredAt - this.#x.sentAt, true);
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
    if (connection !== this.connection) return;
    this.connection = undefined;
    const shard = this.shard as Shard;
    const target = this.target as Endpoint;
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
    if (failure !== 'stale') this.#tried.push(target);
    if (this.#mayRetry(failure)) this.#retry(failure);
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
    this.#blocked = false;
    this.#fresh = false;
    if (this.#tried.length > 0) this.#tried.length = 0;
    if (this.#triedShards.length > 0) this.#triedShards.length = 0;
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
      this.#placed = true;
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
    const other = this.#tried.length > 0 ? shard.balancer.pickOther(this.#tried) : undefined;
    const target = other ?? shard.balancer.pick(now);
    if (target === undefined) {
      this.#abandon();
      x.answer.own(503, 'ShardDown', `${shard.name} has no endpoint`, 1);
      return;
    }
    const connection = this.#fresh ? target.open() : target.take();
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
    this.#write(head, connection);
  }

  #write(head: RequestHead, connection: Connection): void {
    const x = this.#x;
    writeRequest(x, head, connection.outbox);
    if (!x.uploaded || this.#blocked) this.#regulate(connection);
  }

  /** Keeps what waits for the endpoint within bounds. */
  #regulate(connection: Connection): void {
    const { outbox } = connection;
    if (outbox.queued > WINDOW_BYTES) outbox.writeNow();
    const blocked = outbox.queued > WINDOW_BYTES;
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#x.client.regulate();
  }

  #mayRetry(failure: AttemptFailure): boolean {
    const x = this.#x;
    const shard = this.shard as Shard;
    // What broke once breaks again: only another endpoint may do better.
    if (failure === 'broken' && shard.balancer.pickOther(this.#tried) === undefined) return false;
    const allowed = mayRetry({
      failure,
      idempotent: x.repeatable,
      replayable: x.kept.complete,
      answered: false,
      callerRetries: x.retriedByCaller,
      attempts: x.attempts,
      leftMs: this.#leftMs,
    });
    return allowed && x.proxy.retries.tryRetry();
  }

  /** Until nobody waits for an answer any more. */
  get #leftMs(): number {
    const x = this.#x;
    const { timeoutMs } = (this.shard as Shard).options;
    return Math.min(x.deadline, x.receivedAt + timeoutMs) - x.proxy.runtime.now;
  }

  #retry(failure: AttemptFailure): void {
    const x = this.#x;
    const shard = this.shard as Shard;
    const { now, random } = x.proxy.runtime;
    shard.stats.retried();
    // Others that rest have probably been closed as well.
    this.#fresh = failure === 'stale';
    let delay = retryDelayMs(x.attempts, this.#leftMs, random);
    if (failure !== 'stale' && shard.balancer.pickOther(this.#tried) === undefined) {
      this.#tried.length = 0;
      this.#triedShards.push(shard);
      const { rehash, shards } = this.routing as Routing;
      if (!rehash || this.#triedShards.length >= shards.length) {
        // Nobody else can take it: once more to the same ones, a little later.
        this.#triedShards.length = 0;
        delay = Math.max(delay, retryDelayMs(2, this.#leftMs, random));
      }
    }
    if (delay === 0) {
      this.start(x.again());
      return;
    }
    x.state = BACKOFF;
    this.retryAt = now + delay;
  }

  #unavailable(owner: Shard): void {
    const { now } = this.#x.proxy.runtime;
    const wait = owner.circuit.open ? Math.ceil((owner.circuit.probeAt - now) / 1000) : 1;
    const reason = owner.lastError === '' ? '' : `: ${owner.lastError}`;
    this.#x.answer.own(503, 'ShardDown', `${owner.name} is out of service${reason}`, Math.max(1, wait));
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
    this.target = undefined;
    if (target !== undefined) target.inFlight--;
    if (this.#bounded !== -1) {
      this.routing?.bounded?.leave(this.#bounded);
      this.#bounded = -1;
    }
    this.#leavePlace(latencyMs, ok);
  }

  #leavePlace(latencyMs: number, ok: boolean): void {
    if (!this.#placed) return;
    this.#placed = false;
    this.shard?.admission.leave(this.#x.proxy.runtime.now, latencyMs, ok);
  }
}

function failureOf(connection: Connection, refused: boolean): AttemptFailure {
  // What was not even written has reached nobody.
  if (refused || !connection.wrote) return 'refused';
  return connection.carried > 0 && !connection.answering ? 'stale' : 'broken';
}
