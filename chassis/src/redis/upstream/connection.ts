import type { Socket } from 'node:net';
import { Outbox } from '../io/outbox.ts';
import { Ring } from '../io/ring.ts';
import { Wire, type WireOwner } from '../io/wire.ts';
import { request } from '../resp/encode.ts';
import { ReplyFramer, TYPE_ERROR, TYPE_PUSH } from '../resp/reply-framer.ts';
import { Carry } from './carry.ts';
import { type Dial, dial } from './dial.ts';
import { type HandshakeStep, handshakeSteps } from './handshake.ts';
import { rescueReads } from './rescue.ts';
import { SentLog } from './sent-log.ts';
import type { Shard } from './shard.ts';
import { NOBODY, type Sink, type Slot } from './slot.ts';

/** A reply that is, or announces to be, longer than this takes its connection away from everybody else. */
export const LARGE_REPLY_BYTES = 1024 * 1024;
/** A connection with a large request or reply ends after this long without progress. */
const LARGE_STALL_MS = 10_000;
/** So many commands without an answer in time, and nothing received meanwhile, end a connection. */
const MAX_EXPIRED = 3;

/** Who waits for room. */
export interface Waiter {
  wake(): void;
}

/** What a connection is to the commands that come. */
export type ConnectionState = 'connecting' | 'ready' | 'closed';

/**
 * One connection to a shard for one protocol and database. Shared: everybody's commands, first come, first served, and the
 * replies in that order. Owned (`owner`): one client's alone, after a large request or reply.
 */
export class Connection implements WireOwner {
  readonly shard: Shard;
  readonly protocol: number;
  readonly database: number;
  readonly outbox: Outbox;
  readonly ring = new Ring<Slot>(64);
  state: ConnectionState = 'connecting';
  /** Whether commands of all clients may join. */
  joinable = true;
  /** The only one whose commands may join, when `joinable` is false. */
  owner: object | null = null;
  /** When anything was received last, or the connection began. */
  lastProgress: number;
  /** A large request is being written: time-outs of commands do not count, progress does. */
  uploading = false;
  #uploaded = false;
  #expired = 0;
  #large = false;
  #flowing = false;
  #greeting: HandshakeStep[] = [];
  #wire: Wire | undefined;
  #dial: Dial | undefined;
  readonly #waiters = new Set<Waiter>();
  readonly #framer = new ReplyFramer();
  readonly #carry = new Carry();
  readonly #log = new SentLog();

  constructor(shard: Shard, protocol: number, database: number) {
    this.shard = shard;
    this.protocol = protocol;
    this.database = database;
    this.outbox = new Outbox(shard.runtime.flusher);
    this.outbox.sent = (buffer, size) => this.#log.push(buffer, size, this.ring.peek()?.offset ?? this.outbox.appended);
    this.lastProgress = shard.runtime.now();
  }

  /** Dials, after `delay` milliseconds. Commands may be put on the connection at once: they wait. */
  start(delay: number): void {
    const { runtime, options } = this.shard;
    const begin = (): void => {
      if (this.state === 'closed') return;
      const half = (run: () => void) => runtime.after(options.timeoutMs / 2, run);
      this.#dial = dial(this.shard.address, runtime.open, half, (socket, reason) => this.#dialed(socket, reason));
    };
    if (delay > 0) runtime.after(delay, begin);
    else begin();
  }

  /** Whether `client` may put a command on it. */
  accepts(client: object): boolean {
    return this.state !== 'closed' && (this.joinable || this.owner === client);
  }

  /** Queues the slot of a command whose bytes the caller appends to `outbox`. */
  issue(slot: Slot, now: number): void {
    slot.connection = this;
    slot.issued = now;
    slot.holders++;
    this.ring.push(slot);
  }

  /** No new command joins but those of `owner`; it closes when what is in flight has been answered. */
  detach(owner: object | null): void {
    this.joinable = false;
    this.owner = owner;
    this.shard.forget(this);
    this.#closeWhenIdle();
  }

  /** The owner is gone. A reply that nobody waits for is not read to its end. */
  disown(): void {
    this.owner = null;
    for (let i = 0; i < this.ring.length; i++) if (this.ring.at(i)?.sink !== NOBODY) return;
    this.close('its client is gone', false);
  }

  /** Lets a large reply flow to its sink, which said that it is ready for it. */
  stream(): void {
    const slot = this.ring.peek();
    if (!this.#large || this.#flowing || slot === undefined) return;
    this.#flowing = true;
    this.lastProgress = this.shard.runtime.now();
    const { buffer, length } = this.#carry;
    if (buffer !== null && length > 0 && !slot.expired) slot.sink?.onPart(slot, buffer, 0, length, false);
    this.#carry.clear();
    this.resume();
  }

  /** Whether more than `limit` bytes wait for the shard to take them, after an attempt to write. */
  congested(limit: number): boolean {
    if (this.outbox.queued > limit) this.outbox.flush();
    return this.outbox.queued > limit;
  }

  /** `waiter` is woken, once, when nothing waits to be written any more or the connection ends. */
  whenDrained(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  /** The long request has been handed over in full: once it is written, the time-out of its answer begins. */
  uploaded(): void {
    this.#uploaded = true;
  }

  /** Whether the large reply that waits here is this slot's. */
  holdsLarge(slot: Slot): boolean {
    return this.#large && !this.#flowing && this.ring.peek() === slot;
  }

  pause(): void {
    this.#wire?.pause();
  }

  resume(): void {
    if (!this.#large || this.#flowing) this.#wire?.resume();
  }

  /** Gives up commands that wait too long, and the connection when it makes no progress. Called every few milliseconds. */
  sweep(now: number): void {
    if (this.state === 'closed') return;
    const { timeoutMs } = this.shard.options;
    if (this.state === 'connecting') {
      if (now - this.lastProgress > timeoutMs) this.close('no connection in time', true);
      return;
    }
    const oldest = this.ring.peek();
    if (oldest === undefined) return;
    if (this.#uploaded && this.outbox.queued === 0) this.#uploadWritten(now);
    const stuck = now - Math.max(this.lastProgress, oldest.issued);
    if (this.#large || this.uploading) {
      if (stuck > LARGE_STALL_MS) this.close('no progress for 10s', false);
      else this.#expireOthers(now - timeoutMs);
      return;
    }
    const expired = this.#expire(now - timeoutMs);
    if (expired > 0) this.shard.failed(now);
    if ((this.#expired >= MAX_EXPIRED && stuck > timeoutMs) || stuck > 2 * timeoutMs)
      this.close('no answer in time', false);
  }

  /** Ends the connection; commands on it get an error. `failure`: the shard is to blame, and it has not been told yet. */
  close(reason: string, failure: boolean): void {
    if (this.state === 'closed') return;
    const unsent = this.state === 'connecting';
    this.state = 'closed';
    this.joinable = false;
    this.#dial?.cancel();
    this.shard.forget(this);
    if (failure) {
      this.shard.lastError = reason;
      this.shard.failed(this.shard.runtime.now());
    }
    this.outbox.clear();
    this.outbox.wire = undefined;
    this.#carry.clear();
    this.#log.clear();
    this.#wire?.destroy();
    const { name } = this.shard;
    for (let slot = this.ring.shift(); slot !== undefined; slot = this.ring.shift()) {
      const lost = slot.write ? '; the command may have been carried out' : '';
      const error = unsent
        ? `SHARDDOWN ${name} is not reachable: ${reason}`
        : `SHARDDOWN connection to ${name} lost: ${reason}${lost}`;
      if (!slot.expired) slot.sink?.onFailure(slot, error);
      slot.release();
    }
    this.shard.closed(this);
    this.#wakeAll();
  }

  onData(buffer: Buffer, end: number): void {
    const now = this.shard.runtime.now();
    this.lastProgress = now;
    if (this.shard.circuit.failures !== 0) this.shard.succeeded();
    const framer = this.#framer;
    let from = 0;
    try {
      while (from < end) {
        if (!framer.next(buffer, from, end)) {
          this.#partial(buffer, from, end);
          return;
        }
        this.#frame(buffer, from, framer.end, framer.take(), now);
        from = framer.end;
        if (this.state === 'closed') return;
      }
    } catch (error) {
      this.shard.runtime.logger.warn('a shard sent what is not RESP', { shard: this.shard.name, error: String(error) });
      this.close('what it sent is not RESP', true);
      return;
    }
    if (!this.joinable) this.#closeWhenIdle();
  }

  onEnd(): void {
    this.close('closed by the shard', this.ring.length > 0);
  }

  onDrain(): void {
    this.lastProgress = this.shard.runtime.now();
    if (this.outbox.drained()) this.#wakeAll();
  }

  onClose(error: Error | undefined): void {
    this.#wire = undefined;
    this.close(error?.message ?? 'closed', this.ring.length > 0);
  }

  /** One whole reply, of which the beginning may be in the carry. */
  #frame(buffer: Buffer, start: number, end: number, type: number, now: number): void {
    if (this.#large) {
      this.#lastPart(buffer, start, end, type, now);
      return;
    }
    if (this.#carry.length > 0) {
      this.#carried(buffer, start, end, type, now);
      return;
    }
    if (type === TYPE_PUSH) return;
    if (this.#greeting.length > 0) {
      this.#greeted(buffer.toString('latin1', start, end));
      return;
    }
    const slot = this.ring.shift();
    if (slot === undefined) {
      this.close('a reply nobody asked for', true);
      return;
    }
    if (slot.expired) this.#expired--;
    else {
      this.shard.stats.answered(slot.group, now - slot.issued, type === TYPE_ERROR);
      (slot.sink as Sink).onReply(slot, buffer, start, end, type);
    }
    slot.release();
  }

  #carried(buffer: Buffer, start: number, end: number, type: number, now: number): void {
    const carry = this.#carry;
    carry.append(buffer, start, end);
    const whole = carry.buffer as Buffer;
    const { length } = carry;
    carry.buffer = null;
    carry.length = 0;
    this.#frame(whole, 0, length, type, now);
  }

  #partial(buffer: Buffer, start: number, end: number): void {
    if (this.#large) {
      const slot = this.ring.peek();
      if (slot !== undefined && !slot.expired) slot.sink?.onPart(slot, buffer, start, end, false);
      return;
    }
    const { due } = this.#framer;
    const carried = this.#carry.length + end - start;
    const large = carried + due > LARGE_REPLY_BYTES;
    this.#carry.append(buffer, start, end, large ? 0 : due + 2);
    if (large) this.#largeBegins();
  }

  #largeBegins(): void {
    const slot = this.ring.peek();
    if (slot === undefined || this.#framer.type === TYPE_PUSH || this.#greeting.length > 0) {
      this.close('a large reply nobody asked for', true);
      return;
    }
    this.#large = true;
    this.#flowing = false;
    this.#wire?.pause();
    if (this.owner === null && !slot.expired) this.detach(slot.sink?.owner ?? null);
    else if (this.joinable) this.detach(null);
    this.#rescueOthers(slot.sink?.owner ?? NOBODY.owner);
    // Without a taker the bytes are read and dropped.
    if (slot.expired || slot.sink === null || !slot.sink.onLarge(slot, this)) {
      slot.expired = slot.expired || this.#expireOne(slot);
      this.stream();
    }
  }

  #rescueOthers(owner: object): void {
    // What was appended in this turn is sent first, so that it is in the log.
    this.outbox.flush();
    const elsewhere = (): Connection | undefined => this.shard.shared(this.protocol, this.database);
    this.#expired += rescueReads(this, this.ring, this.#log, owner, this.outbox.appended, elsewhere);
    this.forgetSent();
  }

  /** Nothing that was sent here will be sent again elsewhere. */
  forgetSent(): void {
    this.outbox.sent = undefined;
    this.#log.clear();
  }

  #expireOne(slot: Slot): boolean {
    this.#expired++;
    slot.expired = true;
    return true;
  }

  #lastPart(buffer: Buffer, start: number, end: number, type: number, now: number): void {
    this.#large = false;
    this.#flowing = false;
    const slot = this.ring.shift();
    if (slot === undefined) return;
    if (slot.expired) this.#expired--;
    else {
      this.shard.stats.answered(slot.group, now - slot.issued, type === TYPE_ERROR);
      slot.sink?.onPart(slot, buffer, start, end, true);
    }
    slot.release();
  }

  #dialed(socket: Socket | undefined, reason: string): void {
    this.#dial = undefined;
    if (socket === undefined) {
      this.close(reason, true);
      return;
    }
    if (this.state === 'closed') {
      socket.destroy();
      return;
    }
    const { runtime } = this.shard;
    const wire = new Wire(socket, this);
    this.#wire = wire;
    this.#greeting = handshakeSteps(this.protocol, this.database, this.shard.credentials());
    wire.resume();
    // Commands wait in the outbox, which gets the wire when the handshake has been accepted.
    wire.write(Buffer.from(this.#greeting.map(({ args }) => request(args)).join(''), 'latin1'));
    runtime.logger.debug('connected to a shard', {
      shard: this.shard.name,
      protocol: this.protocol,
      database: this.database,
    });
  }

  #greeted(reply: string): void {
    const step = this.#greeting.shift() as HandshakeStep;
    if (step.required && reply.startsWith('-')) {
      const text = reply.slice(1, reply.indexOf('\r\n'));
      this.shard.runtime.logger.warn('a shard refused the handshake', {
        shard: this.shard.name,
        step: step.what,
        error: text,
      });
      this.shard.refused(step, text);
      this.close(`it answered ${step.what} with ${text}`, true);
      return;
    }
    if (step.args[0] === 'HELLO') this.shard.helloed(reply);
    if (this.#greeting.length > 0) return;
    this.state = 'ready';
    this.outbox.wire = this.#wire;
    this.outbox.flush();
    this.shard.opened(this);
    if (this.outbox.queued === 0) this.#wakeAll();
  }

  #wakeAll(): void {
    for (const waiter of this.#waiters) waiter.wake();
    this.#waiters.clear();
  }

  /** Answers, with a time-out, what was issued before `limit`. @returns how many */
  #expire(limit: number): number {
    let count = 0;
    for (let i = 0; i < this.ring.length; i++) {
      const slot = this.ring.at(i) as Slot;
      if (slot.issued >= limit) break;
      if (slot.expired) continue;
      this.#timeOut(slot);
      count++;
    }
    return count;
  }

  /** Behind a large reply or request only other clients' commands have a time-out; whoever asked for it waits as long as it takes. */
  #expireOthers(limit: number): void {
    for (let i = 0; i < this.ring.length; i++) {
      const slot = this.ring.at(i) as Slot;
      if (slot.issued >= limit) return;
      if (!slot.expired && slot.sink?.owner !== this.owner) this.#timeOut(slot);
    }
  }

  #uploadWritten(now: number): void {
    this.uploading = false;
    this.#uploaded = false;
    for (let i = 0; i < this.ring.length; i++) (this.ring.at(i) as Slot).issued = now;
  }

  #timeOut(slot: Slot): void {
    slot.expired = true;
    this.#expired++;
    const { name, options, stats } = this.shard;
    stats.timedOut(slot.group);
    const unsure = slot.write ? '; the command may have been carried out' : '';
    slot.sink?.onFailure(slot, `SHARDTIMEOUT ${name} did not answer within ${options.timeoutMs}ms${unsure}`);
  }

  #closeWhenIdle(): void {
    if (this.joinable || this.owner !== null || this.ring.length > 0 || this.state === 'closed') return;
    this.close('no longer needed', false);
  }
}
