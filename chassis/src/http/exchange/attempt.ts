import { remainingMs } from '../../resilience/deadline.ts';
import { REPLAY_BYTES, WINDOW_BYTES } from '../limits.ts';
import { kinds, type RequestHead, type RequestRewrite } from '../message/index.ts';
import type { Routing } from '../routing.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import type { Shard } from '../upstream/shard.ts';
import type { Exchange } from './exchange.ts';
import { chooseShard, routeOf, UNROUTED } from './route.ts';
import { ANSWERING, BACKOFF, QUEUED, SENT } from './states.ts';

/** A request is handed to so many endpoints at most. */
const MOST_ATTEMPTS = 4;

/** One object serves all requests: it is read at once. */
const rewrite: RequestRewrite = { omit: 0, extra: '', close: false };

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
    this.#placed = true;
    this.#send(this.#x.again());
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

  /** The exchange is whole, or goes on as a tunnel: the place is free. */
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
    const stale = connection.carried > 0 && !connection.answering;
    // That an endpoint closes what has rested says nothing about its health.
    if (!stale) shard.failed(target, reason);
    this.#release(-1, true);
    if (refused) this.#tried.push(target);
    if (this.#mayRetry(refused, stale)) this.#retry(refused);
    else if (refused) x.answer.own(503, 'ShardDown', `${shard.name} is not reachable: ${reason}`, 1);
    else x.answer.own(502, 'BadUpstream', `${shard.name} gave no answer: ${reason}`);
  }

  /** Time is over. @param code ShardTimeout or Deadline */
  timedOut(code: string, message: string): void {
    const { shard, target, connection } = this;
    this.connection = undefined;
    connection?.cancel();
    if (shard !== undefined && target !== undefined) shard.failed(target, message);
    this.#release(this.#x.proxy.runtime.now - this.#x.sentAt, false);
    this.#x.answer.own(504, code, message);
  }

  /** The endpoint stopped in the middle of its answer. */
  stalled(): void {
    if (this.target !== undefined) this.shard?.failed(this.target, 'it stopped in the middle of an answer');
  }

  /** Nothing of what was begun is wanted any more. */
  cancel(): void {
    const { connection } = this;
    this.connection = undefined;
    connection?.cancel();
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
    const { kept, client, proxy } = x;
    this.#rewrite();
    proxy.requestWriter.write(connection.outbox, head, client.peer, rewrite);
    if (kept.length > kept.headLength) {
      connection.outbox.append(kept.buffer, kept.headLength, kept.length);
      if (kept.length > REPLAY_BYTES) kept.drop();
    }
    if (!x.uploaded || this.#blocked) this.#regulate(connection);
  }

  #rewrite(): void {
    const x = this.#x;
    const { traceparent, dropTracestate } = x.trail;
    rewrite.omit = 0;
    rewrite.extra = '';
    if (traceparent !== '') {
      rewrite.omit = 1 << kinds.TRACEPARENT;
      if (dropTracestate) rewrite.omit |= 1 << kinds.TRACESTATE;
      rewrite.extra = `traceparent: ${traceparent}\r\n`;
    }
    if (x.deadline !== Number.POSITIVE_INFINITY) {
      rewrite.omit |= 1 << kinds.X_REQUEST_DEADLINE;
      rewrite.extra += `x-request-deadline-ms: ${remainingMs(x.deadline, x.sentAt)}\r\n`;
    }
    if (x.attempts > 1) rewrite.extra += `x-motif-attempt: ${x.attempts}\r\n`;
    if (x.answer.continued) rewrite.omit |= 1 << kinds.EXPECT;
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

  #mayRetry(refused: boolean, stale: boolean): boolean {
    const x = this.#x;
    if (!x.kept.complete || x.retriedByCaller || x.attempts >= MOST_ATTEMPTS) return false;
    if (x.proxy.runtime.now >= x.deadline) return false;
    if (refused) return x.proxy.retries.tryRetry();
    return stale && x.repeatable && !this.#fresh && x.proxy.retries.tryRetry();
  }

  #retry(refused: boolean): void {
    const x = this.#x;
    const shard = this.shard as Shard;
    shard.stats.retried();
    if (!refused) {
      this.#fresh = true;
      this.start(x.again());
      return;
    }
    const other = shard.balancer.pickOther(this.#tried) !== undefined;
    if (!other) {
      this.#triedShards.push(shard);
      this.#tried.length = 0;
    }
    if (other || (this.routing?.rehash === true && this.#triedShards.length < this.routing.shards.length)) {
      this.start(x.again());
      return;
    }
    // Nobody else can take it: once more to the same ones, a little later.
    this.#triedShards.length = 0;
    x.state = BACKOFF;
    this.retryAt = x.proxy.runtime.now + x.proxy.backoff(x.attempts);
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
    const { shard, target } = this;
    this.target = undefined;
    if (target !== undefined) target.inFlight--;
    if (this.#bounded !== -1) {
      this.routing?.bounded?.leave(this.#bounded);
      this.#bounded = -1;
    }
    if (!this.#placed) return;
    this.#placed = false;
    shard?.admission.leave(this.#x.proxy.runtime.now, latencyMs, ok);
  }
}
