import type { Locator } from './locator.ts';
import { murmur3_x86_32 } from './murmur3.ts';

/** `map`: the shards of named keys, as bytes. A key that is not named is the business of `rest`. */
export interface MapEntry {
  /** The whole key, as UTF-8. */
  readonly value: string;
  /** An index into the shards. */
  readonly shard: number;
}

interface Named {
  readonly bytes: Uint8Array;
  readonly shard: number;
}

/**
 * The locator of algorithm `map`: a named key lives on its shard, every other where `rest` says. Where a named key's shard is
 * left out, and in what order others would take it over, is `rest`'s to say too. Entries are told apart by their bytes.
 */
export class MapLocator implements Locator {
  readonly size: number;
  readonly #rest: Locator;
  /** Open addressing over murmur3 of the value: found without making a string of the key. */
  readonly #slots: (Named | undefined)[];
  readonly #mask: number;

  constructor(entries: readonly MapEntry[], rest: Locator) {
    this.size = rest.size;
    this.#rest = rest;
    this.#mask = 2 ** Math.ceil(Math.log2(entries.length * 2 + 2)) - 1;
    this.#slots = new Array(this.#mask + 1).fill(undefined);
    const encoder = new TextEncoder();
    for (const { value, shard } of entries) {
      const bytes = encoder.encode(value);
      let slot = murmur3_x86_32(bytes, 0, bytes.length, 0) & this.#mask;
      while (this.#slots[slot] !== undefined) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = { bytes, shard };
    }
  }

  pick(bytes: Uint8Array, start: number, end: number): number {
    const named = this.#find(bytes, start, end);
    return named === -1 ? this.#rest.pick(bytes, start, end) : named;
  }

  pickExcept(bytes: Uint8Array, start: number, end: number, excluded: Uint8Array): number {
    const named = this.#find(bytes, start, end);
    return named === -1 || excluded[named] !== 0 ? this.#rest.pickExcept(bytes, start, end, excluded) : named;
  }

  rank(bytes: Uint8Array, start: number, end: number): number[] {
    return first(this.#find(bytes, start, end), this.#rest.rank(bytes, start, end));
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    let slot = murmur3_x86_32(bytes, start, end, 0) & this.#mask;
    for (let named = this.#slots[slot]; named !== undefined; named = this.#slots[slot]) {
      if (equals(named.bytes, bytes, start, end)) return named.shard;
      slot = (slot + 1) & this.#mask;
    }
    return -1;
  }
}

function equals(value: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (value.length !== end - start) return false;
  for (let i = 0; i < value.length; i++) if (value[i] !== bytes[start + i]) return false;
  return true;
}

/** `rank` with `shard` (−1: none) put first. */
export function first(shard: number, rank: readonly number[]): number[] {
  return shard === -1 ? [...rank] : [shard, ...rank.filter((other) => other !== shard)];
}
