import type { Socket } from 'node:net';
import { Outbox, type Patience } from '../../io/outbox.ts';
import { Ring } from '../../io/ring.ts';
import { Wire, type WireOwner } from '../../io/wire.ts';
import type { RedisProxy } from '../proxy.ts';
import { error as errorReply } from '../resp/encode.ts';
import type { Routing } from '../routing.ts';
import type { Connection } from '../upstream/connection.ts';
import { Lane } from '../upstream/lane.ts';
import { NOBODY, type Sink, type Slot, takeSlot } from '../upstream/slot.ts';
import { HeldAnswers } from './held.ts';
import { Intake } from './intake.ts';
import { Session } from './session.ts';

/** Unread answers above this stop the reading of requests. */
const SOFT_BYTES = 1024 * 1024;
/** Unread answers above this end the connection. */
const HARD_BYTES = 32 * 1024 * 1024;
/** Above this a large reply waits in the shard's socket. */
const LARGE_WINDOW_BYTES = 256 * 1024;
/** Commands in flight: at first, at most, and as many as keep the replies within a budget. */
const FIRST_WINDOW = 32;
const MAX_WINDOW = 1024;
const WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * One client's connection: it puts each command's slot into a queue and sends the answers in that queue's order, whichever
 * order they arrive in. What the bytes mean is `Intake`'s and `dispatch`'s business.
 */
export class Client implements WireOwner, Sink, Patience {
  readonly owner: object = this;
  readonly proxy: RedisProxy;
  readonly session: Session;
  readonly outbox: Outbox;
  readonly queue = new Ring<Slot>(32);
  readonly wire: Wire;
  readonly address: string;
  routing: Routing;
  lanes: Lane[];
  /** When the requests at hand were read, or tried again: one look at the clock serves all of them. */
  now: number;
  /** No further request is read: the connection ends when everything has been answered. */
  ending = false;
  /** Requests wait for something that is in flight. */
  blocked = false;
  /** The connection that a long request is being sent on. */
  uploading: Connection | null = null;
  /** Epochs by the SCAN cursors this client was given. */
  readonly cursors = new Map<string, number>();
  readonly firstEpoch: number;
  readonly #held = new HeldAnswers();
  readonly #intake: Intake;
  /** The look at the clock (`now`) of the read that brought the request answered last. */
  #answered = 0;
  #window = FIRST_WINDOW;
  #source: Connection | null = null;
  #waking = false;
  #eof = false;
  #closed = false;

  constructor(proxy: RedisProxy, socket: Socket, id: number) {
    this.proxy = proxy;
    this.routing = proxy.routing;
    this.firstEpoch = this.routing.epoch;
    this.lanes = this.routing.shards.map(() => new Lane());
    this.address = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    this.now = proxy.runtime.now();
    this.session = new Session(id, this.now, this.routing.accounts.length === 0);
    this.wire = new Wire(socket, this);
    this.outbox = new Outbox(proxy.runtime.flusher, this.wire);
    this.outbox.patience = this;
    this.#intake = new Intake(this);
  }

  /** Whether a further command may be issued now; false: the request waits until an answer has gone. */
  get open(): boolean {
    if (this.routing !== this.proxy.routing && !this.#adopt()) return false;
    return this.queue.length < this.#window && this.outbox.queued < SOFT_BYTES;
  }

  get idle(): boolean {
    return this.queue.length === 0 && !this.#intake.busy && this.outbox.queued === 0;
  }

  /** A slot at the end of the queue for a command whose answer comes later. */
  enqueue(): Slot {
    const slot = takeSlot();
    slot.holders = 1;
    slot.sink = this;
    slot.protocol = this.session.protocol;
    slot.silent = this.silent();
    slot.asked = this.now;
    this.queue.push(slot);
    return slot;
  }

  /** Who asks for several things in one write gets their answers in one, if they come within about a millisecond. */
  moreSoon(): boolean {
    const next = this.queue.peek();
    return next !== undefined && next.asked === this.#answered;
  }

  /** Whether the command at hand is not answered (CLIENT REPLY); asked once for each. */
  silent(): boolean {
    const { session } = this;
    if (session.skipNext) {
      session.skipNext = false;
      return true;
    }
    return session.reply === 'off';
  }

  /** Answers the command at hand with an encoded reply, in its turn. */
  answer(text: string): void {
    if (this.queue.length === 0) {
      if (!this.silent()) this.outbox.text(text);
      return;
    }
    const slot = this.enqueue();
    slot.ready = true;
    this.#held.own(slot, Buffer.from(text, 'latin1'));
  }

  /** Answers the command at hand with an error's text, without `-` and line end. */
  refuse(text: string): void {
    this.answer(errorReply(text));
  }

  /** The answer of a slot that no shard answers by itself. */
  settle(slot: Slot, answer: Buffer): void {
    this.#held.own(slot, answer);
    if (this.queue.peek() === slot) this.#sendReady();
    this.#progress();
  }

  onReply(slot: Slot, buffer: Buffer, start: number, end: number): void {
    if (slot.lane !== null) slot.lane.outstanding--;
    const size = end - start;
    if (size > WINDOW_BYTES / MAX_WINDOW) this.#window = Math.min(this.#window, Math.max(4, (WINDOW_BYTES / size) | 0));
    else if (this.#window < MAX_WINDOW) this.#window++;
    if (this.queue.peek() === slot) {
      if (!slot.silent) this.outbox.append(buffer, start, end);
      this.#answered = slot.asked;
      this.queue.shift();
      slot.release();
      if (this.queue.peek()?.ready === true) this.#sendReady();
    } else this.#held.put(slot, buffer, start, end);
    this.#progress();
  }

  onFailure(slot: Slot, error: string): void {
    if (slot.lane !== null) slot.lane.outstanding--;
    if (this.#source !== null && this.queue.peek() === slot && slot.connection === this.#source) {
      // Part of the reply has been sent: nothing but the end of the connection can say that the rest will not come.
      this.wire.destroy();
      return;
    }
    this.settle(slot, Buffer.from(errorReply(error), 'latin1'));
  }

  onLarge(slot: Slot, connection: Connection): boolean {
    if (this.queue.peek() === slot) this.#openLarge(slot, connection);
    return true;
  }

  onPart(slot: Slot, buffer: Buffer, start: number, end: number, last: boolean): void {
    if (!slot.silent) this.outbox.append(buffer, start, end);
    if (this.outbox.queued > LARGE_WINDOW_BYTES) {
      this.outbox.writeNow();
      if (!last && this.outbox.queued > LARGE_WINDOW_BYTES) slot.connection?.pause();
    }
    if (!last) return;
    this.#source = null;
    if (slot.lane !== null) slot.lane.outstanding--;
    this.queue.shift();
    slot.release();
    this.#sendReady();
    this.#progress();
  }

  onData(buffer: Buffer, end: number): void {
    this.now = this.proxy.runtime.now();
    this.#intake.feed(buffer, end);
  }

  /** The client sends nothing more; what it asked for is still answered. */
  onEnd(): void {
    this.#eof = true;
    if (this.uploading !== null) this.wire.destroy();
    else if (!this.blocked) this.finish();
  }

  onDrain(): void {
    const empty = this.outbox.drained();
    if (this.outbox.queued < LARGE_WINDOW_BYTES) this.#source?.resume();
    if (empty) this.#progress();
  }

  onClose(): void {
    this.#closed = true;
    this.outbox.clear();
    this.outbox.wire = undefined;
    for (let slot = this.queue.shift(); slot !== undefined; slot = this.queue.shift()) {
      if (!slot.ready) this.#abandon(slot);
      slot.release();
    }
    for (const lane of this.lanes) this.leave(lane);
    this.#intake.close();
    this.proxy.left(this);
  }

  /** Answers what was asked so far, then ends. */
  finish(): void {
    if (this.ending) return;
    this.ending = true;
    this.wire.pause();
    this.wake();
  }

  /** Goes on with requests that wait, at the end of the turn. */
  wake(): void {
    if (this.#waking || this.#closed) return;
    this.#waking = true;
    this.proxy.runtime.flusher.add(this);
  }

  /** The flusher's call for `wake`. */
  flush(): void {
    this.#waking = false;
    if (this.#closed) return;
    if (this.outbox.queued + this.#held.bytes > HARD_BYTES) {
      this.proxy.runtime.logger.warn('client reads too slowly: more than 32 MiB of answers wait', {
        client: this.address,
      });
      this.wire.destroy();
      return;
    }
    this.now = this.proxy.runtime.now();
    if (this.blocked) this.#intake.retry();
    else if (!this.ending) this.wire.resume();
    if (this.#eof && !this.blocked) this.finish();
    if (this.ending && !this.blocked && this.queue.length === 0 && this.outbox.queued === 0) this.wire.end();
  }

  /** The connection of a lane may change: only without commands in flight. Its own connection has no further use then. */
  leaveLanes(): void {
    for (const lane of this.lanes) {
      if (lane.outstanding === 0) this.leave(lane);
      else lane.stale = true;
    }
  }

  /** Gives up the connection of a lane on which nothing is outstanding. */
  leave(lane: Lane): void {
    const { connection } = lane;
    lane.connection = null;
    lane.stale = false;
    if (connection?.owner === this) connection.disown();
  }

  #openLarge(slot: Slot, connection: Connection): void {
    this.#source = connection;
    this.outbox.writeNow();
    if (slot.connection === connection) connection.stream();
  }

  #sendReady(): void {
    for (let slot = this.queue.peek(); slot !== undefined; slot = this.queue.peek()) {
      if (!slot.ready) {
        if (slot.connection?.holdsLarge(slot) === true) this.#openLarge(slot, slot.connection);
        return;
      }
      const held = slot.held as Buffer;
      if (!slot.silent) this.outbox.append(held, slot.heldStart, slot.heldEnd);
      this.#held.drop(slot);
      this.#answered = slot.asked;
      this.queue.shift();
      slot.release();
    }
  }

  #progress(): void {
    if (this.blocked || this.ending || this.outbox.queued + this.#held.bytes > HARD_BYTES) this.wake();
  }

  #abandon(slot: Slot): void {
    if (slot.sink === this) slot.sink = NOBODY;
    slot.gather?.abandon();
  }

  /** Moves to the proxy's current topology, if nothing is in flight in the old one. */
  #adopt(): boolean {
    if (this.queue.length > 0) return false;
    for (const lane of this.lanes) this.leave(lane);
    this.routing = this.proxy.routing;
    this.lanes = this.routing.shards.map(() => new Lane());
    return true;
  }
}
