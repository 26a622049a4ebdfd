import { LARGE_SLAB_BYTES, SLAB_BYTES, slabs } from '../../io/slabs.ts';

const NOTHING = Buffer.alloc(0);

/** The bytes of a request from its first one on, kept so that it can be sent, or sent again. */
export class Kept {
  buffer: Buffer = NOTHING;
  length = 0;
  /** Length of the head. */
  headLength = 0;
  /** Nothing is missing: `drop` was not called since `start`. */
  complete = false;

  /** Begins with the head `source[start, end)`. */
  start(source: Buffer, start: number, end: number): void {
    const size = end - start;
    this.buffer = size <= SLAB_BYTES ? slabs.small() : slabs.large();
    source.copy(this.buffer, 0, start, end);
    this.length = size;
    this.headLength = size;
    this.complete = true;
  }

  append(source: Buffer, start: number, end: number): void {
    const length = this.length + end - start;
    if (length > this.buffer.length) this.#grow(length);
    source.copy(this.buffer, this.length, start, end);
    this.length = length;
  }

  /** Forgets everything. */
  drop(): void {
    if (!this.complete) return;
    slabs.give(this.buffer);
    this.buffer = NOTHING;
    this.length = 0;
    this.complete = false;
  }

  #grow(length: number): void {
    const old = this.buffer;
    this.buffer = length <= LARGE_SLAB_BYTES ? slabs.large() : Buffer.allocUnsafeSlow(Math.max(length, old.length * 2));
    old.copy(this.buffer, 0, 0, this.length);
    slabs.give(old);
  }
}
