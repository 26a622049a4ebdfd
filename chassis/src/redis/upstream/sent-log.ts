import type { Outbox } from '../../io/outbox.ts';
import { slabs } from '../../io/slabs.ts';

/** Older bytes than this are forgotten: whoever waits for their replies must go on waiting. */
const KEPT_BYTES = 1024 * 1024;

/**
 * What was written to a shared connection and is not answered yet, without a copy: the slabs themselves, which go back to the
 * pool a little later. From here a read that is stuck behind somebody's large reply can be sent again on another connection.
 * Positions count all bytes ever written.
 */
export class SentLog {
  readonly #buffers: Buffer[] = [];
  /** Where each buffer's bytes begin; they end where the next one's begin. */
  readonly #starts: number[] = [];
  #end = 0;

  /** The first `size` bytes of `buffer` have been written. Nothing before position `answered` is needed any more. */
  push(buffer: Buffer, size: number, answered: number): void {
    this.#buffers.push(buffer);
    this.#starts.push(this.#end);
    this.#end += size;
    while (this.#buffers.length > 1) {
      const next = this.#starts[1] as number;
      if (next > answered && this.#end - (this.#starts[0] as number) <= KEPT_BYTES) return;
      slabs.give(this.#buffers.shift() as Buffer);
      this.#starts.shift();
    }
  }

  /** Appends the bytes from `start` to `end` to `target`. @returns false, and does nothing, when they are not here (any more) */
  copy(start: number, end: number, target: Outbox): boolean {
    if (end < start || start < (this.#starts[0] ?? Number.POSITIVE_INFINITY) || end > this.#end) return false;
    for (let i = 0; i < this.#buffers.length; i++) {
      const from = this.#starts[i] as number;
      const to = this.#starts[i + 1] ?? this.#end;
      if (start >= to || end <= from) continue;
      target.append(this.#buffers[i] as Buffer, Math.max(start, from) - from, Math.min(end, to) - from);
    }
    return true;
  }

  clear(): void {
    for (const buffer of this.#buffers) slabs.give(buffer);
    this.#buffers.length = 0;
    this.#starts.length = 0;
  }
}
