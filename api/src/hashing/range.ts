import type { Owners } from './owners-first.ts';

/** Algorithm `range`: from this key on, up to the next higher entry's. */
export interface RangeEntry {
  /** The first key, as UTF-8. Empty: from the smallest key on. */
  readonly from: string;
  /** An index into the shards. */
  readonly shard: number;
}

/**
 * The highest entry whose `from` is not above the key says where it lives. Keys are compared byte by byte as unsigned numbers, a
 * key before all that it begins (`a` < `a0` < `aa` < `b`): for UTF-8 this is the order of code points, and of no language.
 * Nothing is said of keys below the lowest entry.
 */
export class RangeOwners implements Owners {
  readonly #bounds: readonly Uint8Array[];
  readonly #shards: readonly number[];

  /** @param entries in any order, each with another `from` */
  constructor(entries: readonly RangeEntry[]) {
    const encoder = new TextEncoder();
    const sorted = entries.toSorted((a, b) => compareBytes(a.from, b.from));
    this.#bounds = sorted.map(({ from }) => encoder.encode(from));
    this.#shards = sorted.map(({ shard }) => shard);
  }

  /** Bisection: the invariant is that all bounds before `low` are not above the key and all from `high` on are. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let low = 0;
    let high = this.#bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAbove(this.#bounds[middle] as Uint8Array, bytes, start, end)) high = middle;
      else low = middle + 1;
    }
    return low === 0 ? -1 : (this.#shards[low - 1] as number);
  }
}

/** Whether `bound` comes after the key in the order of bytes. */
function isAbove(bound: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const shorter = Math.min(bound.length, end - start);
  for (let i = 0; i < shorter; i++) {
    const difference = (bound[i] as number) - (bytes[start + i] as number);
    if (difference !== 0) return difference > 0;
  }
  return bound.length > end - start;
}

/** −1, 0 or 1: the order of two texts by the bytes of their UTF-8. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
