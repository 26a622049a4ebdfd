import { murmur3_x86_32 } from './murmur3.ts';
import type { Owners } from './owners-first.ts';

/** Algorithm `map`: one named key. */
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

/** The shards of named keys, told apart by their bytes: open addressing over murmur3, so that no string is made of a key. */
export class MapOwners implements Owners {
  /** At least half of the slots stay free, so that every search ends. */
  readonly #slots: (Named | undefined)[];
  readonly #mask: number;

  /** @param entries each with another `value` */
  constructor(entries: readonly MapEntry[]) {
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

  find(bytes: Uint8Array, start: number, end: number): number {
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
