import type { Socket } from 'node:net';
import { Carry } from '../../io/carry.ts';
import { type Dial, dial } from '../../io/dial.ts';
import { Outbox } from '../../io/outbox.ts';
import { Wire, type WireOwner } from '../../io/wire.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { BodyFramer, HeadReader, MessageError, parseResponseHead, ResponseHead } from '../message/index.ts';
import type { Endpoint } from './endpoint.ts';

/** Being dialled; a request may wait in the outbox. */
const CONNECTING = 0;
/** In the pool: no request is under way, and no byte may come. */
const IDLE = 1;
/** A request was given to it, and no final head has come. */
const HEAD = 2;
/** The answer's body is coming. */
const BODY = 3;
/** Bytes in both directions after an upgrade. */
const TUNNEL = 4;
const CLOSED = 5;

/** Heads are dealt with before the next read: one object serves all connections. */
const head = new ResponseHead();

/**
 * One connection to an endpoint. It carries one exchange at a time, so that an answer cannot be another request's: from `begin` to the
 * answer's last byte it belongs to `exchange`, and it goes back to the pool only when both messages ended where their framing says.
 * Whatever else happens closes it.
 */
export class Connection implements WireOwner {
  readonly endpoint: Endpoint;
  readonly outbox: Outbox;
  readonly framer = new BodyFramer(502);
  /** The exchange whose answer is awaited; null in the pool and after the end. */
  exchange: Exchange | null = null;
  /** Requests it carried before the one at hand: above 0 the endpoint may have closed it meanwhile. */
  carried = 0;
  /** Any byte has come since `begin`. */
  answering = false;
  /** What the wire had written at `begin`. */
  #before = 0;
  /** When it leaves the pool, in milliseconds of the monotonic clock. */
  idleUntil = 0;
  /** Told once whether it came up: empty, or the reason why it did not. */
  probed: ((reason: string) => void) | undefined;
  #state = CONNECTING;
  #wire: Wire | undefined;
  #dial: Dial | undefined;
  #timer: { cancel(): void } | undefined;
  /** The answer at hand lets another one follow. */
  #reusable = false;
  #idleMs = 0;
  /** It ends when everything has been written. */
  #ending = false;
  readonly #carry = new Carry();
  readonly #reader = new HeadReader();

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
    this.outbox = new Outbox(endpoint.runtime.flusher);
  }

  get idle(): boolean {
    return this.#state === IDLE;
  }

  /** It has not come up yet: nothing of a request can have reached the endpoint. */
  get connecting(): boolean {
    return this.#state === CONNECTING;
  }

  get closed(): boolean {
    return this.#state === CLOSED;
  }

  /** Comes up within `timeoutMs`, or tells its exchange that it does not. */
  dial(timeoutMs: number): void {
    const { runtime, address } = this.endpoint;
    const half = (run: () => void) => runtime.after(timeoutMs / 2, run);
    this.#timer = runtime.after(timeoutMs, () => this.#end(`no connection within ${timeoutMs}ms`));
    this.#dial = dial(address, runtime.open, half, (socket, reason) => {
      if (socket === undefined) this.#end(reason);
      else this.#connected(socket);
    });
  }

  /** The connection is this exchange's from now on; its request is appended to `outbox`. */
  begin(exchange: Exchange): void {
    this.exchange = exchange;
    this.answering = false;
    this.#before = this.#wire?.writes ?? 0;
    if (this.#state === IDLE) this.#state = HEAD;
  }

  /** Nothing of the answer is wanted any more. */
  cancel(): void {
    this.exchange = null;
    this.close();
  }

  /** Ends it, without a word to its exchange. */
  close(): void {
    if (this.#state === CLOSED) return;
    const wasIdle = this.#state === IDLE;
    this.#state = CLOSED;
    this.#timer?.cancel();
    this.#dial?.cancel();
    this.outbox.clear();
    this.outbox.wire = undefined;
    this.#carry.clear();
    this.#wire?.destroy();
    this.endpoint.closed(this, wasIdle);
  }

  /** Whether any byte may have been sent for the exchange at hand. */
  get wrote(): boolean {
    return (this.#wire?.writes ?? 0) !== this.#before;
  }

  pause(): void {
    this.#wire?.pause();
  }

  resume(): void {
    this.#wire?.resume();
  }

  /** Ends this side of a tunnel after what was written. */
  shut(): void {
    this.#wire?.shut();
  }

  /** Ends a tunnel: what was written still goes out. */
  end(): void {
    this.exchange = null;
    this.outbox.writeNow();
    if (this.outbox.queued > 0) this.#ending = true;
    else this.close();
  }

  onData(buffer: Buffer, end: number): void {
    const { exchange } = this;
    this.endpoint.runtime.tick();
    if (exchange === null || !this.wrote) {
      // Nobody has asked yet: these bytes could be taken for the answer to a request that comes now.
      this.#end('it sent bytes that nobody asked for');
      return;
    }
    this.answering = true;
    if (this.#state === TUNNEL) exchange.fromUpstream(buffer, 0, end);
    else this.#read(exchange, buffer, end);
  }

  onEnd(): void {
    const { exchange } = this;
    if (exchange === null) this.close();
    else if (this.#state === TUNNEL) exchange.upstreamEnded();
    else if (this.#state === BODY && this.framer.mayEnd) this.#complete(exchange);
    else this.#end('it closed the connection');
  }

  onDrain(): void {
    if (this.outbox.drained() && this.#ending) this.close();
    this.exchange?.upstreamDrained();
  }

  onClose(error: Error | undefined): void {
    if (this.#state === BODY && this.framer.mayEnd && error === undefined && this.exchange !== null) {
      this.#complete(this.exchange);
    } else this.#end(error?.message ?? 'the connection was closed');
  }

  #connected(socket: Socket): void {
    this.#timer?.cancel();
    this.#dial = undefined;
    this.#wire = new Wire(socket, this);
    this.#wire.readsOn = true;
    this.#wire.resume();
    this.outbox.wire = this.#wire;
    this.endpoint.connected();
    this.probed?.('');
    this.probed = undefined;
    const { exchange } = this;
    if (exchange === null) {
      // Nobody looks after what rests at an endpoint that has left the topology meanwhile.
      if (this.endpoint.retired) this.close();
      else this.#rest(0);
      return;
    }
    this.#state = HEAD;
    this.outbox.writeNow();
    exchange.upstreamDrained();
  }

  #read(exchange: Exchange, buffer: Buffer, end: number): void {
    let at = 0;
    try {
      if (this.#state === HEAD) at = this.#readHeads(exchange, buffer, end);
      if (at === -1 || this.exchange !== exchange) return;
      if (this.#state === TUNNEL) {
        if (at < end) exchange.fromUpstream(buffer, at, end);
        return;
      }
      const from = at;
      at = this.framer.advance(buffer, from, end);
      exchange.body(this, buffer, from, at);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      this.#end(`it answered what is not HTTP: ${error.message}`);
      return;
    }
    // A client that was cut off has cancelled this connection.
    if (this.exchange !== exchange || !this.framer.done) return;
    if (at < end) this.#reusable = false;
    this.#complete(exchange);
  }

  /** Reads heads up to the final one. @returns where the body begins; -1: more is to come, or nobody wants it */
  #readHeads(exchange: Exchange, buffer: Buffer, end: number): number {
    let at = 0;
    if (this.#carry.length > 0) {
      at = this.#reader.find(buffer, 0, end);
      this.#carry.append(buffer, 0, at === -1 ? end : at);
      if (at === -1) return -1;
      const { buffer: carried, length } = this.#carry;
      parseResponseHead(carried as Buffer, 0, length, exchange.method, head, exchange.upgrade);
      this.#take(exchange);
      this.#carry.clear();
    }
    while (this.#state === HEAD && this.exchange === exchange && at < end) {
      if (!parseResponseHead(buffer, at, end, exchange.method, head, exchange.upgrade)) {
        this.#reader.begin();
        this.#reader.find(buffer, at, end);
        this.#carry.append(buffer, at, end);
        return -1;
      }
      at = head.end;
      this.#take(exchange);
    }
    return this.#state === HEAD ? -1 : at;
  }

  /** Deals with the head that was just parsed. */
  #take(exchange: Exchange): void {
    if (head.interim) {
      exchange.interim(this, head);
      return;
    }
    if (head.upgraded) {
      this.#state = TUNNEL;
      exchange.upgraded(this, head);
      return;
    }
    this.#state = BODY;
    this.#reusable = head.keepAlive;
    this.#idleMs = head.keepAliveTimeoutMs < 0 ? 0 : head.keepAliveTimeoutMs;
    this.framer.begin(head.framing, head.contentLength);
    exchange.head(this, head);
  }

  /** The answer is whole: the connection is free before the exchange ends, so that what follows may take it. */
  #complete(exchange: Exchange): void {
    this.exchange = null;
    this.framer.sink = undefined;
    if (this.#reusable && exchange.uploaded && this.outbox.queued === 0 && !this.endpoint.retired) {
      this.carried++;
      this.#wire?.resume();
      this.#rest(this.#idleMs);
    } else this.close();
    exchange.complete(this);
  }

  #rest(keepAliveMs: number): void {
    this.#state = IDLE;
    this.endpoint.rest(this, keepAliveMs);
  }

  /** It came to an end that was not wanted. */
  #end(reason: string): void {
    if (this.#state === CLOSED) return;
    const { exchange } = this;
    const refused = this.#state === CONNECTING;
    this.exchange = null;
    this.close();
    if (refused) this.endpoint.refused(reason);
    this.probed?.(reason);
    this.probed = undefined;
    exchange?.lost(this, reason, refused);
  }
}
