import { Outbox } from '../../io/outbox.ts';
import { Ring } from '../../io/ring.ts';
import type { Wire, WireOwner } from '../../io/wire.ts';
import { ProtocolError } from '../resp/protocol-error.ts';
import { TYPE_ERROR, TYPE_PUSH } from '../resp/reply-framer.ts';
import { Deadlines, unsure } from './deadlines.ts';
import type { Refusal } from './handshake.ts';
import { Opening } from './opening.ts';
import { ReplyReader, type ReplyTarget } from './reply-reader.ts';
import { rescueReads } from './rescue.ts';
import { SentLog } from './sent-log.ts';
import type { Shard } from './shard.ts';
import { NOBODY, type Sink, type Slot } from './slot.ts';

/** A connection with a large request or reply ends after this long without progress. */
const LARGE_STALL_MS = 10_000;
/** A client's own connection ends when it has not been used for this long. */
const OWN_IDLE_MS = 10_000;
/** So many commands without an answer in time, and nothing received meanwhile, end a connection. */
const MAX_EXPIRED = 3;

/** What a connection is to the commands that come. */
export type ConnectionState = 'connecting' | 'ready' | 'closed';

/**
 * One connection to a shard for one protocol and database. Shared: everybody's commands, first come, first served, and the
 * replies in that order. Owned (`owner`): one client's alone, after a large request or reply.
 */
export class Connection implements WireOwner, ReplyTarget {
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
  /** A large request: it is being written, or all of it waits to be written. Progress counts then instead of time-outs. */
  upload: 'none' | 'running' | 'complete' = 'none';
  readonly #since: number;
  #lastProgress: number;
  #now = 0;
  #flowing = false;
  #wire: Wire | undefined;
  readonly #opening: Opening;
  readonly #waiters = new Set<{ wake(): void }>();
  readonly #reader = new ReplyReader(this);
  readonly #log = new SentLog();
  readonly #deadlines: Deadlines;

  constructor(shard: Shard, protocol: number, database: number) {
    this.shard = shard;
    this.protocol = protocol;
    this.database = database;
    this.outbox = new Outbox(shard.runtime.flusher);
    this.outbox.sent = (buffer, size) => this.#log.push(buffer, size, this.ring.peek()?.offset ?? this.outbox.appended);
    this.#since = shard.runtime.now();
    this.#lastProgress = this.#since;
    this.#opening = new Opening(shard, protocol, database, (wire, refusal) => this.#opened(wire, refusal));
    this.#deadlines = new Deadlines(this.ring, shard);
  }

  /** Dials, after `delay` milliseconds. Commands may be put on the connection at once: they wait. */
  start(delay: number): void {
    this.#opening.start(delay, this);
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

  /** No new command joins but those of `owner`; without one it closes when what is in flight has been answered. */
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

  /** Nothing that was sent here will be sent again elsewhere. */
  forgetSent(): void {
    this.outbox.sent = undefined;
    this.#log.clear();
  }

  /** Lets a large reply flow to its sink, which said that it is ready for it. */
  stream(): void {
    if (!this.#reader.large || this.#flowing) return;
    this.#flowing = true;
    this.#lastProgress = this.shard.runtime.now();
    this.#reader.release();
    this.resume();
  }

  /** Whether the large reply that waits here is this slot's. */
  holdsLarge(slot: Slot): boolean {
    return this.#reader.large && !this.#flowing && this.ring.peek() === slot;
  }

  pause(): void {
    this.#wire?.pause();
  }

  resume(): void {
    if (!this.#reader.large || this.#flowing) this.#wire?.resume();
  }

  /** Whether more than `limit` bytes wait for the shard to take them, after an attempt to write. */
  congested(limit: number): boolean {
    if (this.outbox.queued > limit) this.outbox.writeNow();
    return this.outbox.queued > limit;
  }

  /** `waiter` is woken, once, when nothing waits to be written any more or the connection ends. */
  whenDrained(waiter: { wake(): void }): void {
    this.#waiters.add(waiter);
  }

  /** Gives up commands that wait too long, and the connection when it makes no progress. Called every few milliseconds. */
  sweep(now: number): void {
    const { timeoutMs } = this.shard.options;
    const oldest = this.ring.peek();
    if (this.state === 'connecting') {
      if (now - this.#since > timeoutMs) this.close('no connection in time', true);
    } else if (this.state === 'closed') return;
    else if (oldest !== undefined) this.#sweepRing(now, now - Math.max(this.#lastProgress, oldest.issued));
    else if (!this.joinable && now - this.#lastProgress > OWN_IDLE_MS) this.close('idle', false);
  }

  /** Ends the connection; commands on it get an error. `failure`: the shard is to blame, and it has not been told yet. */
  close(reason: string, failure: boolean): void {
    if (this.state === 'closed') return;
    const { name } = this.shard;
    const what = this.state === 'connecting' ? `${name} is not reachable` : `connection to ${name} lost`;
    const sent = this.state === 'ready';
    this.state = 'closed';
    this.joinable = false;
    this.#opening.cancel();
    this.shard.forget(this);
    if (failure) this.shard.failed(this.shard.runtime.now(), reason);
    this.outbox.clear();
    this.outbox.wire = undefined;
    this.#reader.clear();
    this.#log.clear();
    for (let slot = this.ring.shift(); slot !== undefined; slot = this.ring.shift()) {
      if (!slot.expired) slot.sink?.onFailure(slot, `SHARDDOWN ${what}: ${reason}${sent ? unsure(slot) : ''}`);
      slot.release();
    }
    this.shard.closed(this);
    this.#wakeAll();
  }

  onData(buffer: Buffer, end: number): void {
    this.#now = this.shard.runtime.now();
    this.#lastProgress = this.#now;
    if (this.shard.circuit.failures !== 0) this.shard.succeeded();
    try {
      this.#reader.read(buffer, end);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.shard.runtime.logger.warn('a shard sent what is not RESP', { shard: this.shard.name, error: error.message });
      this.close(`what it sent is not RESP: ${error.message}`, true);
      return;
    }
    if (!this.joinable) this.#closeWhenIdle();
  }

  onEnd(): void {
    this.close('closed by the shard', this.ring.length > 0);
  }

  onDrain(): void {
    this.#lastProgress = this.shard.runtime.now();
    if (this.outbox.drained()) this.#wakeAll();
  }

  onClose(error: Error | undefined): void {
    this.close(error?.message ?? 'closed', this.ring.length > 0);
  }

  onFrame(buffer: Buffer, start: number, end: number, type: number): void {
    if (type === TYPE_PUSH) return;
    if (this.state === 'connecting') {
      this.#opening.answered(buffer.toString('latin1', start, end));
      return;
    }
    if (this.ring.length === 0) {
      this.close('a reply nobody asked for', true);
      return;
    }
    const slot = this.#answered(type);
    if (!slot.expired) (slot.sink as Sink).onReply(slot, buffer, start, end, type);
    slot.release();
  }

  onLarge(type: number): void {
    const slot = this.ring.peek();
    if (slot === undefined || type === TYPE_PUSH || this.state === 'connecting') {
      this.close('a large reply nobody asked for', true);
      return;
    }
    const asker = slot.expired ? null : (slot.sink?.owner ?? null);
    this.#flowing = false;
    this.#wire?.pause();
    if (this.owner === null || this.joinable) this.detach(asker);
    this.#rescueOthers(asker ?? NOBODY.owner);
    if (!slot.expired && slot.sink?.onLarge(slot, this) === true) return;
    // Without a taker the bytes are read and dropped.
    this.#deadlines.bury(slot);
    this.stream();
  }

  onPiece(buffer: Buffer, start: number, end: number): void {
    const slot = this.ring.peek();
    if (slot !== undefined && !slot.expired) slot.sink?.onPart(slot, buffer, start, end, false);
  }

  onLastPiece(buffer: Buffer, start: number, end: number, type: number): void {
    this.#flowing = false;
    const slot = this.#answered(type);
    if (!slot.expired) slot.sink?.onPart(slot, buffer, start, end, true);
    slot.release();
  }

  /** The slot of the reply that is complete now. */
  #answered(type: number): Slot {
    const slot = this.ring.shift() as Slot;
    if (slot.expired) this.#deadlines.expired--;
    else this.shard.stats.answered(slot.group, this.#now - slot.issued, type === TYPE_ERROR);
    return slot;
  }

  #sweepRing(now: number, stuck: number): void {
    const { timeoutMs } = this.shard.options;
    if (this.upload === 'complete' && this.outbox.queued === 0) {
      this.upload = 'none';
      this.#deadlines.restart(now);
    }
    if (this.#reader.large || this.upload !== 'none') {
      // A request that arrives slowly is its client's affair: only what waits for the shard must make progress.
      const idle = this.upload === 'running' && this.outbox.queued === 0;
      if (stuck > LARGE_STALL_MS && !idle) this.close('no progress for 10s', false);
      else this.#deadlines.expireOthers(now - timeoutMs, this.owner);
      return;
    }
    if (this.#deadlines.expire(now - timeoutMs) > 0) this.shard.failed(now, 'no answer in time');
    const dead = this.#deadlines.expired >= MAX_EXPIRED && stuck > timeoutMs;
    if (dead || stuck > 2 * timeoutMs) this.close('no answer in time', false);
  }

  #rescueOthers(owner: object): void {
    // What was appended in this turn is sent first, so that it is in the log.
    this.outbox.writeNow();
    const elsewhere = (): Connection | undefined => this.shard.shared(this.protocol, this.database);
    this.#deadlines.expired += rescueReads(this, this.ring, this.#log, owner, this.outbox.appended, elsewhere);
    this.forgetSent();
  }

  #opened(wire: Wire | undefined, { reason, failure }: Refusal): void {
    if (wire === undefined) {
      this.close(reason, failure);
      return;
    }
    this.state = 'ready';
    this.#wire = wire;
    this.outbox.wire = wire;
    this.outbox.writeNow();
    this.shard.opened();
    if (this.outbox.queued === 0) this.#wakeAll();
  }

  #wakeAll(): void {
    for (const waiter of this.#waiters) waiter.wake();
    this.#waiters.clear();
  }

  #closeWhenIdle(): void {
    if (this.joinable || this.owner !== null || this.ring.length > 0 || this.state === 'closed') return;
    this.close('no longer needed', false);
  }
}
