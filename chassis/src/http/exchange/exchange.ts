import { parseDeadlineMs } from '../../resilience/deadline.ts';
import type { Waiter } from '../admission/admission.ts';
import type { Client } from '../downstream/client.ts';
import { REPLAY_BYTES } from '../limits.ts';
import { BodyFramer, kinds, type RequestHead, type ResponseHead } from '../message/index.ts';
import type { Observed, ShardStats } from '../observe/observed.ts';
import type { Trail } from '../observe/trail.ts';
import type { HttpProxy } from '../proxy.ts';
import type { Connection } from '../upstream/connection.ts';
import { Answer } from './answer.ts';
import { Attempt } from './attempt.ts';
import { Kept } from './kept.ts';
import { FREE, NEEDS_BODY, SENT } from './states.ts';
import { overdue } from './time-outs.ts';
import { Upload } from './upload.ts';

const FOREVER = Number.POSITIVE_INFINITY;
/** RFC 9110, 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * One request and its answer, from the last byte of the request's head to the answer's last byte. A client has one at a time. Its life
 * is one way: begun, waiting (for what, `state` says), sent, answering or tunnel, over; back from sent to waiting only for another attempt, and only
 * while nothing of a final answer was passed on. It ends exactly once, in `finish`: with a whole answer of a shard, with a whole answer
 * of our own, or with its client's connection.
 */
export class Exchange implements Observed, Waiter {
  readonly proxy: HttpProxy;
  readonly trail: Trail;
  readonly kept = new Kept();
  /** Of the request's body. */
  readonly framer = new BodyFramer(400);
  readonly attempt = new Attempt(this);
  readonly upload = new Upload(this);
  readonly answer = new Answer(this);
  client: Client = undefined as unknown as Client;
  state = FREE;
  /** Where it stands among the proxy's exchanges. */
  slot = -1;

  method = '';
  minor: 0 | 1 = 1;
  /** The client's connection may go on after this answer. */
  keepAlive = true;
  expectsContinue = false;
  /** A WebSocket is asked for. */
  upgrade = false;
  /** May be sent twice. */
  repeatable = false;
  /** The caller does its own retries. */
  retriedByCaller = false;
  /** The caller's deadline, in milliseconds of the monotonic clock. */
  deadline = FOREVER;
  /** When bytes of a body last moved, in either direction. */
  progressAt = 0;

  receivedAt = 0;
  sentAt = 0;
  answeredAt = 0;
  status = 0;
  code = '';
  attempts = 0;
  requestBytes = 0;
  responseBytes = 0;
  stats: ShardStats | undefined = undefined;
  endpoint = '';

  constructor(proxy: HttpProxy) {
    this.proxy = proxy;
    this.trail = proxy.observer.newTrail();
  }

  /** All of the request has come from the client. */
  get uploaded(): boolean {
    return this.framer.done;
  }

  /** A request's head is complete. */
  begin(client: Client, head: RequestHead, now: number): void {
    this.client = client;
    this.state = NEEDS_BODY;
    this.method = head.method;
    this.minor = head.minor;
    this.keepAlive = head.keepAlive && !this.proxy.draining;
    this.expectsContinue = head.expectContinue;
    this.upgrade = head.upgrade !== undefined;
    this.repeatable = IDEMPOTENT.has(head.method) || head.has(kinds.IDEMPOTENCY_KEY);
    this.retriedByCaller = head.has(kinds.X_MOTIF_ATTEMPT);
    this.deadline = head.has(kinds.X_REQUEST_DEADLINE) ? deadlineOf(head, now) : FOREVER;
    this.receivedAt = now;
    this.progressAt = now;
    this.framer.begin(head.framing, head.contentLength);
    this.kept.start(head.buffer, head.start, head.end);
    this.proxy.observer.onRequest(this, head);
  }

  /**
   * Bytes from the client, of which the body takes its part.
   * @returns the position behind that part
   * @throws MessageError
   */
  receive(buffer: Buffer, from: number, end: number): number {
    const at = this.framer.advance(buffer, from, end);
    if (at === from) return at;
    this.progressAt = this.proxy.runtime.now;
    this.upload.pass(buffer, from, at);
    if (this.kept.complete) this.#keep(buffer, from, at);
    return at;
  }

  /** It goes on from what is kept, if it waited for that. */
  advance(): void {
    if (this.state === NEEDS_BODY) this.attempt.start(this.again());
  }

  /** The request's head anew, from what is kept: the one that was parsed first is gone. */
  again(): RequestHead {
    return this.proxy.parseAgain(this.kept.buffer, this.kept.headLength);
  }

  /** Its turn in the queue. */
  admitted(): void {
    this.attempt.admitted();
  }

  /** The queue has no place for it. */
  shed(): void {
    this.attempt.shed();
  }

  // What a connection tells.

  interim(connection: Connection, head: ResponseHead): void {
    if (connection === this.attempt.connection) this.answer.interim(head);
  }

  head(connection: Connection, head: ResponseHead): void {
    if (this.attempt.won(connection, head.status)) this.answer.head(connection, head);
  }

  body(connection: Connection, buffer: Buffer, from: number, to: number): void {
    if (from < to) this.answer.body(connection, buffer, from, to);
  }

  complete(connection: Connection): void {
    this.answer.complete(connection);
  }

  /** The connection ended before the answer did. @param refused it never came up */
  lost(connection: Connection, reason: string, refused: boolean): void {
    this.attempt.lost(connection, reason, refused);
  }

  upgraded(connection: Connection, head: ResponseHead): void {
    this.answer.upgraded(connection, head);
  }

  fromUpstream(buffer: Buffer, from: number, to: number): void {
    this.answer.fromUpstream(buffer, from, to);
  }

  upstreamEnded(): void {
    this.answer.upstreamEnded();
  }

  /** The endpoint has taken bytes. */
  upstreamDrained(): void {
    this.progressAt = this.proxy.runtime.now;
    this.upload.drained();
  }

  /** The client has taken bytes. */
  clientDrained(): void {
    this.progressAt = this.proxy.runtime.now;
    this.answer.drained();
  }

  /** Called every few milliseconds: ends it when something takes too long. */
  check(now: number): void {
    overdue(this, now);
  }

  /** The client is gone: whatever is done for it stops. */
  abort(): void {
    this.attempt.cancel();
    this.finish();
  }

  /** It is over; nothing that belonged to it calls it after this. */
  finish(): void {
    this.state = FREE;
    this.requestBytes += this.framer.content;
    this.proxy.observer.onEnd(this, this.proxy.runtime.now);
    this.kept.drop();
    this.upload.blocked = false;
    this.attempt.clear();
    this.answer.clear();
    this.status = 0;
    this.code = '';
    this.attempts = 0;
    this.sentAt = 0;
    this.answeredAt = 0;
    this.requestBytes = 0;
    this.responseBytes = 0;
    this.stats = undefined;
    this.endpoint = '';
    this.proxy.release(this);
  }

  #keep(buffer: Buffer, from: number, to: number): void {
    const { kept, state, attempt } = this;
    // Until there is a connection another endpoint may have to take over.
    const sent = state >= SENT && attempt.connection?.connecting === false;
    if (sent && kept.length + to - from > REPLAY_BYTES) kept.drop();
    else kept.append(buffer, from, to);
  }
}

function deadlineOf(head: RequestHead, now: number): number {
  const ms = parseDeadlineMs(head.header('x-request-deadline-ms'));
  return ms === undefined ? FOREVER : now + ms;
}
