import { LARGE_SLAB_BYTES, slabs } from '../io/slabs.ts';

/** The beginning of something whose rest has not arrived. Grows by doubling, so that each byte is copied about once. */
export class Carry {
  buffer: Buffer | null = null;
  length = 0;

  /** Appends `source[start, end)`; `more` bytes are known to follow. */
  append(source: Buffer, start: number, end: number, more = 0): void {
    const length = this.length + end - start;
    if (this.buffer === null || length > this.buffer.length) this.#grow(length, more);
    source.copy(this.buffer as Buffer, this.length, start, end);
    this.length = length;
  }

  /** Drops the first `count` bytes. */
  consume(count: number): void {
    if (count >= this.length) this.clear();
    else if (count > 0) {
      this.buffer?.copyWithin(0, count, this.length);
      this.length -= count;
    }
  }

  clear(): void {
    if (this.buffer !== null) slabs.give(this.buffer);
    this.buffer = null;
    this.length = 0;
  }

  #grow(length: number, more: number): void {
    const old = this.buffer;
    const wanted = Math.max(length + more, old === null ? 0 : old.length * 2);
    this.buffer = wanted <= LARGE_SLAB_BYTES ? slabs.large() : Buffer.allocUnsafeSlow(wanted);
    if (old === null) return;
    old.copy(this.buffer, 0, 0, this.length);
    slabs.give(old);
  }
}
