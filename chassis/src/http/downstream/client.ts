import type { Socket } from 'node:net';
import { Carry } from '../../io/carry.ts';
import { Outbox } from '../../io/outbox.ts';
import { Wire, type WireOwner } from '../../io/wire.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { ownAnswer } from '../exchange/own-answer.ts';
import { PIPELINED_BYTES, WINDOW_BYTES } from '../limits.ts';
import { HeadReader, MessageError, Peer, parseRequestHead, type RequestHead } from '../message/index.ts';
import type { HttpProxy } from '../proxy.ts';

/** Between two requests, or in the head of the next one. */
const READING = 0;
/** A request is under way; what comes is its body, then further requests, which wait. */
const BUSY = 1;
/** Bytes in both directions. */
const TUNNEL = 2;
/** The last answer is being written; then the connection ends. */
const ENDING = 3;
const CLOSED = 4;

/**
 * One client's connection. Requests are taken one at a time: the next one is looked at when the one before has been answered, so answers
 * leave in the order of the requests, whatever the shards do. Bytes of further requests wait in `#carry`, within bounds.
 */
export class Client implements WireOwner {
  readonly proxy: HttpProxy;
  readonly wire: Wire;
  readonly outbox: Outbox;
  readonly peer: Peer;
  exchange: Exchange | null = null;
  #state = READING;
  readonly #carry = new Carry();
  /** Bytes of the carry that are done with. */
  #done = 0;
  readonly #reader = new HeadReader();
  /** When its state began, or the head that is being read. */
  #since: number;
  /** The client sends nothing more; since when. */
  #eofAt = 0;
  #waking = false;
  /** It has been told that nothing follows. */
  #lingering = false;

  constructor(proxy: HttpProxy, socket: Socket) {
    this.proxy = proxy;
    const address = socket.remoteAddress ?? '';
    this.peer = new Peer(address, 'http', proxy.routing.router.proxies.trusts(address));
    this.wire = new Wire(socket, this);
    this.outbox = new Outbox(proxy.runtime.flusher, this.wire);
    this.#since = proxy.runtime.now;
  }

  /** Since when the client has said that it sends nothing more; 0: it has not. */
  get eofAt(): number {
    return this.#eofAt;
  }

  onData(buffer: Buffer, end: number): void {
    this.proxy.runtime.tick();
    const { exchange } = this;
    if (this.#state === TUNNEL) exchange?.upload.pass(buffer, 0, end);
    else if (this.#carry.length > 0) this.#readCarried(buffer, end);
    else this.#keepRest(buffer, this.#read(buffer, 0, end), end);
    this.regulate();
  }

  /** The client sends nothing more. What it asked for completely is answered; it may read on. */
  onEnd(): void {
    this.proxy.runtime.tick();
    this.#eofAt = this.proxy.runtime.now;
    const { exchange } = this;
    if (this.#state === TUNNEL) exchange?.answer.clientEnded();
    else if (this.#state === READING) this.wake();
    else if (exchange !== null && !exchange.uploaded) this.wire.destroy();
  }

  onDrain(): void {
    this.proxy.runtime.tick();
    const empty = this.outbox.drained();
    this.exchange?.clientDrained();
    if (empty && this.#state !== BUSY) this.wake();
  }

  onClose(): void {
    if (this.#state === CLOSED) return;
    this.proxy.runtime.tick();
    this.#state = CLOSED;
    const { exchange } = this;
    this.exchange = null;
    this.outbox.clear();
    this.outbox.wire = undefined;
    this.#carry.clear();
    exchange?.abort();
    this.proxy.left(this);
  }

  /** The exchange is over and its answer is in the outbox. @param goOn another request may follow */
  answered(goOn: boolean): void {
    this.exchange = null;
    if (this.#state === CLOSED) return;
    this.#since = this.proxy.runtime.now;
    if (!goOn) {
      this.#end();
      return;
    }
    this.#state = READING;
    if (this.#carry.length > 0 || this.#eofAt !== 0) this.wake();
  }

  /** Says by the way it ends that the answer is not whole. @param reset a plain end would look like the answer's own */
  cut(reset: boolean): void {
    this.exchange = null;
    if (this.#state === CLOSED) return;
    this.outbox.writeNow();
    if (reset) this.wire.socket.resetAndDestroy();
    this.wire.destroy();
  }

  /** The connection carries bytes from now on; what came after the request goes first. */
  tunnel(): void {
    this.#state = TUNNEL;
    const { buffer, length } = this.#carry;
    if (buffer !== null && length > this.#done) this.exchange?.upload.pass(buffer, this.#done, length);
    this.#carry.clear();
    this.#done = 0;
    if (this.#eofAt !== 0) this.exchange?.answer.clientEnded();
    this.regulate();
  }

  /** Reads or does not, by what waits. */
  regulate(): void {
    if (this.#state >= ENDING || this.#eofAt !== 0) return;
    const full = this.#state === BUSY && this.#carry.length - this.#done > PIPELINED_BYTES;
    if (full || this.exchange?.upload.blocked === true) this.wire.pause();
    else this.wire.resume();
  }

  /** Goes on at the end of the turn. */
  wake(): void {
    if (this.#waking || this.#state === CLOSED) return;
    this.#waking = true;
    this.proxy.runtime.flusher.add(this);
  }

  /** The flusher's call for `wake`. */
  flush(): void {
    this.#waking = false;
    if (this.#state === READING) this.#next();
    else if (this.#state === ENDING && this.outbox.queued === 0) this.#linger();
  }

  /** There is no room for this client. */
  turnAway(): void {
    this.#refuse(503, 'Overloaded', 'too many connections', 1);
  }

  /** Called every few hundred milliseconds. */
  sweep(now: number): void {
    const { limits } = this.proxy.runtime;
    const age = now - this.#since;
    if (this.#state === READING) {
      if (this.#carry.length > 0) {
        if (age > limits.slowHeadMs) this.#refuse(408, 'SlowRequest', `no whole head within ${limits.slowHeadMs}ms`);
      } else if (age > (this.proxy.draining ? Math.min(1000, limits.clientIdleMs) : limits.clientIdleMs)) this.#end();
    } else if (this.#state === ENDING && age > (this.#lingering ? limits.lingerMs : limits.slowBodyMs)) {
      this.wire.destroy();
    }
  }

  /** Takes requests out of `buffer[from, end)` as far as that goes now. @returns where the rest begins */
  #read(buffer: Buffer, from: number, end: number): number {
    let at = from;
    const { head } = this.proxy;
    try {
      if (this.#state === BUSY) at = this.#receive(buffer, at, end);
      while (this.#state === READING && at < end) {
        if (!parseRequestHead(buffer, at, end, head)) return at;
        at = this.#begin(head, buffer, end);
      }
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      this.#misunderstood(error);
      return end;
    }
    return this.#state >= ENDING ? end : at;
  }

  #receive(buffer: Buffer, from: number, end: number): number {
    const exchange = this.exchange as Exchange;
    if (exchange.uploaded) return from;
    const at = exchange.receive(buffer, from, end);
    exchange.advance();
    return at;
  }

  /** A head was read: its request is under way. @returns where what follows it begins */
  #begin(head: RequestHead, buffer: Buffer, end: number): number {
    const exchange = this.proxy.take();
    this.exchange = exchange;
    this.#state = BUSY;
    exchange.begin(this, head, this.proxy.runtime.now);
    const at = exchange.receive(buffer, head.end, end);
    if (head.maxForwards === 0) exchange.answer.own(200, '', '');
    else if (this.proxy.full) exchange.answer.own(503, 'Overloaded', 'too many requests are under way', 1);
    else exchange.attempt.start(head);
    return at;
  }

  #readCarried(buffer: Buffer, end: number): void {
    const carry = this.#carry;
    if (this.#done > 0) {
      carry.consume(this.#done);
      this.#done = 0;
    }
    const found = this.#state === READING ? this.#reader.find(buffer, 0, end) : -1;
    carry.append(buffer, 0, end);
    // The parser says what is wrong with a head that got too long; a request's body is never carried.
    if (found !== -1) this.#next();
  }

  /** Goes on with what is carried. */
  #next(): void {
    const { buffer, length } = this.#carry;
    if (buffer !== null && length > this.#done && this.outbox.queued <= WINDOW_BYTES) {
      const at = this.#read(buffer, this.#done, length);
      if (this.#state === CLOSED) return;
      this.#done = at;
      if (at >= length || this.#state === ENDING) {
        this.#carry.clear();
        this.#done = 0;
      } else if (this.#state === READING) this.#scan();
    }
    if (this.#state === READING && this.#eofAt !== 0) this.#end();
    else this.regulate();
  }

  /** Keeps what could not be read yet. */
  #keepRest(buffer: Buffer, from: number, end: number): void {
    if (from >= end || this.#state === CLOSED) return;
    this.#carry.append(buffer, from, end);
    if (this.#state === READING) this.#scan();
  }

  /** What is carried is the beginning of a head: no byte of it is looked for again. */
  #scan(): void {
    this.#since = this.proxy.runtime.now;
    this.#reader.begin();
    this.#reader.find(this.#carry.buffer as Buffer, this.#done, this.#carry.length);
  }

  #misunderstood(error: MessageError): void {
    const { exchange } = this;
    if (exchange === null) {
      this.#refuse(error.status, 'BadRequest', error.message);
      return;
    }
    exchange.attempt.cancel();
    exchange.keepAlive = false;
    exchange.answer.own(error.status, 'BadRequest', error.message);
  }

  /** Answers what never became an exchange, and ends. */
  #refuse(status: number, code: string, message: string, retryAfter = 0): void {
    this.proxy.refused(code);
    this.outbox.text(ownAnswer({ status, code, message, retryAfter, keepAlive: false, minor: 1, headOnly: false }));
    this.#end();
  }

  /** Nothing more is read; the connection ends when what there is has been written. */
  #end(): void {
    this.#state = ENDING;
    this.#since = this.proxy.runtime.now;
    this.#carry.clear();
    this.#done = 0;
    this.wire.pause();
    this.wake();
  }

  /** Everything is written: the client gets a while to read it. */
  #linger(): void {
    if (this.#lingering) return;
    this.#lingering = true;
    this.#since = this.proxy.runtime.now;
    this.wire.end(this.proxy.runtime.limits.lingerBytes);
  }
}
