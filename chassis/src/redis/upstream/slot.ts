import type { Connection } from './connection.ts';
import type { Lane } from './lane.ts';

/** Who gets the reply of a command. Exactly one of `onReply`, `onFailure` or a row of `onPart` ends a slot. */
export interface Sink {
  /** Whose connection a large reply makes its own. */
  readonly owner: object;
  /** The whole reply `buffer[start, end)`; the buffer is used again afterwards. `type` is the reply's first byte. */
  onReply(slot: Slot, buffer: Buffer, start: number, end: number, type: number): void;
  /** There will be no reply: an error's text without `-` and line end. */
  onFailure(slot: Slot, error: string): void;
  /**
   * A reply of more than a mebibyte begins. Its connection waits, reading nothing, until `connection.stream()` is called;
   * false: the sink does not want it.
   */
  onLarge(slot: Slot, connection: Connection): boolean;
  /** A piece of a large reply; `last` ends the slot. */
  onPart(slot: Slot, buffer: Buffer, start: number, end: number, last: boolean): void;
}

/** Takes the place of a client that is gone: replies still arrive, in order, and nobody wants them. */
export const NOBODY: Sink = {
  owner: {},
  onReply: () => {},
  onFailure: () => {},
  onLarge: () => false,
  onPart: () => {},
};

/**
 * A command that waits for its reply. It stands in two queues: in the client's, which keeps the order of answers, and in the
 * connection's, which keeps the order of replies. Slots are used again; one is free when both have let go of it.
 */
export class Slot {
  sink: Sink | null = null;
  connection: Connection | null = null;
  lane: Lane | null = null;
  /** When it was put on the connection, in milliseconds of the monotonic clock. */
  issued = 0;
  /** When its client asked for it: the same for all requests of one read. */
  asked = 0;
  /** Index of its command group, for metrics. */
  group = 0;
  /** Index of its part, for those who put an answer together. */
  part = 0;
  /** 2 or 3: the protocol it was asked in. */
  protocol = 2;
  /** Where its bytes begin among all that was appended to its connection. */
  offset = 0;
  /** Whether it may be sent twice. */
  readonly = false;
  /** Whether the command may change data: the error of a time-out then says that it may have been carried out. */
  write = false;
  /** The client asked for no answer (CLIENT REPLY OFF or SKIP). */
  silent = false;
  /** It was answered with a time-out: when its reply arrives it is dropped. */
  expired = false;
  /** The answer is there and waits for its turn. */
  ready = false;
  /** The answer that waits: `held[heldStart, heldEnd)`. */
  held: Buffer | null = null;
  heldStart = 0;
  heldEnd = 0;
  /** What puts the answer together from several shards' replies. */
  gather: { abandon(): void } | null = null;
  holders = 0;

  /** One of its queues lets go. */
  release(): void {
    if (--this.holders > 0) return;
    this.sink = null;
    this.connection = null;
    this.lane = null;
    this.held = null;
    this.gather = null;
    this.silent = false;
    this.readonly = false;
    this.write = false;
    this.expired = false;
    this.ready = false;
    if (free.length < KEPT) free.push(this);
  }
}

const KEPT = 16_384;
const free: Slot[] = [];

/** A slot with the defaults, held by nobody yet. */
export function takeSlot(): Slot {
  return free.pop() ?? new Slot();
}
