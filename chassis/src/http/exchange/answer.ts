import { EAGER_BYTES, WINDOW_BYTES } from '../limits.ts';
import { CHUNKED, CLOSE, type Framing, type ResponseHead, type ResponseRewrite } from '../message/index.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Exchange } from './exchange.ts';
import { ownAnswer } from './own-answer.ts';
import { ANSWERING, TUNNEL } from './states.ts';

/** How a body goes to the client: as it is, out of its chunks, or in chunks. */
type Passing = 'as is' | 'unchunk' | 'chunk';

const rewrite: ResponseRewrite = { minor: 1, keepAlive: true, framing: CLOSE, omit: 0, extra: '' };

/** The way of one answer to its client. */
export class Answer {
  readonly #x: Exchange;
  /** The client was told to go on with its body. */
  continued = false;
  #passing: Passing = 'as is';
  /** Only the end of the connection tells the client where the body ends. */
  #untilClose = false;
  /** The endpoint is not read: the client has not taken what there is. */
  #paused: Connection | undefined;
  #tunnel: Connection | undefined;
  /** Which sides of a tunnel send nothing more. */
  #clientEnded = false;
  #upstreamEnded = false;

  constructor(x: Exchange) {
    this.#x = x;
  }

  /** `100 Continue` from us: what follows is needed to find the shard. */
  sayContinue(): void {
    const x = this.#x;
    if (this.continued || x.uploaded || x.minor === 0) return;
    this.continued = true;
    x.client.outbox.text('HTTP/1.1 100 Continue\r\n\r\n');
  }

  /** An interim answer. HTTP/1.0 does not know them; a second `100 Continue` is left out. */
  interim(head: ResponseHead): void {
    const x = this.#x;
    if (x.minor === 0 || (head.status === 100 && this.continued)) return;
    rewrite.minor = 1;
    rewrite.keepAlive = true;
    rewrite.framing = head.framing;
    x.proxy.responseWriter.write(x.client.outbox, head, rewrite);
  }

  /** The final head. From here on nothing is tried again. */
  head(connection: Connection, head: ResponseHead): void {
    const x = this.#x;
    x.state = ANSWERING;
    x.answeredAt = x.proxy.runtime.now;
    x.progressAt = x.answeredAt;
    x.status = head.status;
    x.kept.drop();
    x.attempt.answered(head.status);
    const framing = this.#framing(connection, head);
    // Where the request has not ended its rest may never be read: the client is told that nothing can follow.
    if (!x.uploaded || framing === CLOSE || x.proxy.draining) x.keepAlive = false;
    this.#write(head, framing);
  }

  body(connection: Connection, buffer: Buffer, from: number, to: number): void {
    const x = this.#x;
    const { client } = x;
    x.progressAt = x.proxy.runtime.now;
    if (this.#passing === 'as is') client.outbox.append(buffer, from, to);
    else if (this.#passing === 'chunk') {
      client.outbox.text(`${(to - from).toString(16)}\r\n`);
      client.outbox.append(buffer, from, to);
      client.outbox.text('\r\n');
    }
    this.#regulate(connection);
  }

  /** The answer is whole. */
  complete(connection: Connection): void {
    const x = this.#x;
    if (this.#passing === 'chunk') x.client.outbox.text('0\r\n\r\n');
    x.responseBytes = connection.framer.content;
    x.attempt.done();
    this.#over(x.uploaded);
  }

  /** The endpoint ended in the middle of its answer: the client must not take what it has for the whole. */
  cut(reason: string): void {
    const x = this.#x;
    const { client } = x;
    const tunnel = this.#tunnel !== undefined;
    if (!tunnel) x.proxy.runtime.logger.debug('answer cut off', { reason });
    const untilClose = this.#untilClose;
    x.finish();
    client.cut(untilClose);
  }

  /** An answer of our own; instead of one that has begun the connection is cut. */
  own(status: number, code: string, message: string, retryAfter = 0): void {
    const x = this.#x;
    if (x.state >= ANSWERING) {
      this.cut(message);
      return;
    }
    if (!x.uploaded || x.proxy.draining) x.keepAlive = false;
    const { method, minor, keepAlive } = x;
    x.status = status;
    x.code = code;
    x.client.outbox.text(
      ownAnswer({ status, code, message, retryAfter, keepAlive, minor, headOnly: method === 'HEAD' }),
    );
    this.#over(x.uploaded);
  }

  /** 101: from here on bytes go both ways. */
  upgraded(connection: Connection, head: ResponseHead): void {
    const x = this.#x;
    const { client } = x;
    x.state = TUNNEL;
    x.answeredAt = x.proxy.runtime.now;
    x.status = head.status;
    x.keepAlive = false;
    x.kept.drop();
    x.attempt.answered(head.status);
    x.attempt.tunnelled();
    this.#tunnel = connection;
    this.#write(head, head.framing);
    client.tunnel();
  }

  fromUpstream(buffer: Buffer, from: number, to: number): void {
    const x = this.#x;
    x.responseBytes += to - from;
    x.client.outbox.append(buffer, from, to);
    if (this.#tunnel !== undefined) this.#regulate(this.#tunnel);
  }

  /** In a tunnel: the endpoint sends nothing more. */
  upstreamEnded(): void {
    this.#upstreamEnded = true;
    if (!this.#endTunnel()) this.#x.client.wire.shut();
  }

  /** In a tunnel: the client sends nothing more. */
  clientEnded(): void {
    this.#clientEnded = true;
    if (!this.#endTunnel()) this.#tunnel?.shut();
  }

  /** The client has taken bytes. */
  drained(): void {
    if (this.#paused === undefined || this.#x.client.outbox.queued > WINDOW_BYTES / 2) return;
    const paused = this.#paused;
    this.#paused = undefined;
    paused.resume();
  }

  /** Bytes wait for the client to take them. */
  get waitsForClient(): boolean {
    return this.#paused !== undefined;
  }

  clear(): void {
    this.#clientEnded = false;
    this.#upstreamEnded = false;
    this.continued = false;
    this.#passing = 'as is';
    this.#untilClose = false;
    this.#paused = undefined;
    this.#tunnel = undefined;
  }

  /** Ends a tunnel whose sides have both ended, after what they sent. */
  #endTunnel(): boolean {
    const x = this.#x;
    if (!this.#clientEnded || !this.#upstreamEnded) return false;
    const connection = this.#tunnel;
    connection?.end();
    x.attempt.done();
    this.#over(true);
    return true;
  }

  #framing(connection: Connection, head: ResponseHead): Framing {
    const x = this.#x;
    const { framing } = head;
    if (framing === CHUNKED && x.minor === 0) {
      this.#passing = 'unchunk';
      connection.framer.sink = (buffer, start, end) => x.client.outbox.append(buffer, start, end);
    } else if (framing === CLOSE && x.minor === 1) {
      this.#passing = 'chunk';
      return CHUNKED;
    } else if (framing !== CLOSE) return framing;
    this.#untilClose = true;
    return CLOSE;
  }

  #write(head: ResponseHead, framing: Framing): void {
    const x = this.#x;
    rewrite.minor = x.minor;
    rewrite.keepAlive = x.keepAlive;
    rewrite.framing = framing;
    x.proxy.responseWriter.write(x.client.outbox, head, rewrite);
  }

  /** Keeps what waits for the client within bounds. */
  #regulate(connection: Connection): void {
    const { outbox } = this.#x.client;
    if (outbox.queued < EAGER_BYTES) return;
    outbox.writeNow();
    if (outbox.queued <= WINDOW_BYTES) return;
    this.#paused = connection;
    connection.pause();
  }

  #over(uploaded: boolean): void {
    const x = this.#x;
    const { client, keepAlive } = x;
    x.finish();
    client.answered(keepAlive && uploaded);
  }
}
