import { copyBytes } from '../../io/copy.ts';
import { SLAB_BYTES, slabs } from '../../io/slabs.ts';
import type { Slot } from '../upstream/slot.ts';

/**
 * Answers that arrived before their turn. Small ones are copied one behind the other into a slab, which starts over as soon
 * as none of them waits any more.
 */
export class HeldAnswers {
  /** Bytes that wait. */
  bytes = 0;
  #slab: Buffer | undefined;
  #used = 0;
  #inSlab = 0;

  /** Keeps `source[start, end)` as the answer of `slot`. */
  put(slot: Slot, source: Buffer, start: number, end: number): void {
    const size = end - start;
    this.bytes += size;
    slot.ready = true;
    if (size > SLAB_BYTES / 4 || (this.#slab !== undefined && this.#used + size > SLAB_BYTES)) {
      const copy = Buffer.allocUnsafeSlow(size);
      source.copy(copy, 0, start, end);
      slot.held = copy;
      slot.heldStart = 0;
      slot.heldEnd = size;
      return;
    }
    this.#slab ??= slabs.small();
    copyBytes(source, start, end, this.#slab, this.#used);
    slot.held = this.#slab;
    slot.heldStart = this.#used;
    slot.heldEnd = this.#used + size;
    this.#used += size;
    this.#inSlab++;
  }

  /** The same for bytes that nobody else uses. */
  own(slot: Slot, bytes: Buffer): void {
    this.bytes += bytes.length;
    slot.ready = true;
    slot.held = bytes;
    slot.heldStart = 0;
    slot.heldEnd = bytes.length;
  }

  /** The slot's answer has been sent. */
  drop(slot: Slot): void {
    this.bytes -= slot.heldEnd - slot.heldStart;
    if (slot.held !== this.#slab || this.#slab === undefined) return;
    if (--this.#inSlab > 0) return;
    slabs.give(this.#slab);
    this.#slab = undefined;
    this.#used = 0;
  }
}
