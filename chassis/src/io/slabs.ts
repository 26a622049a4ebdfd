import { allocateViewed } from './copy.ts';

/** Bytes of a small slab: many small answers. */
export const SLAB_BYTES = 16 * 1024;
/** Bytes of a large slab: whatever one read brings. */
export const LARGE_SLAB_BYTES = 64 * 1024;
/** Kept for use again: 4 MiB of each size. */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Buffers of two sizes that are used again instead of being left to the garbage collector, which lets tens of megabytes
 * pile up before it looks at them. Who takes a slab owns it until it gives it back.
 */
export class SlabPool {
  readonly #small: Buffer[] = [];
  readonly #large: Buffer[] = [];

  small(): Buffer {
    return this.#small.pop() ?? allocateViewed(SLAB_BYTES);
  }

  large(): Buffer {
    return this.#large.pop() ?? allocateViewed(LARGE_SLAB_BYTES);
  }

  /** Takes any buffer that nobody uses any more; those of other sizes are left to the collector. */
  give(slab: Buffer): void {
    if (slab.length === SLAB_BYTES) {
      if (this.#small.length < KEPT_BYTES / SLAB_BYTES) this.#small.push(slab);
    } else if (slab.length === LARGE_SLAB_BYTES && this.#large.length < KEPT_BYTES / LARGE_SLAB_BYTES)
      this.#large.push(slab);
  }
}

/** One pool a process: there is one thread. */
export const slabs = new SlabPool();
