import { murmur3_x86_32 } from '@motif/api/hashing/murmur3';

/** One key that a sketch holds. */
export interface HeavyKey {
  /** The key's first bytes, at most `KEY_BYTES`. */
  readonly key: Buffer;
  /** How long the whole key is. */
  readonly length: number;
  /** What the caller said of the key last: its shard. */
  readonly tag: number;
  /** At least what was counted for the key, and at most `error` more than that. */
  readonly count: number;
  readonly error: number;
}

/** What of a key is kept to show it. */
export const KEY_BYTES = 128;

const SECOND_SEED = 0x2f0b4c47;

/**
 * Space-Saving (Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005): of a
 * stream of keys it holds `capacity` counters; a key that has none takes over the smallest, with its count as the error. Any key with more
 * than 1/capacity of the stream has a counter. All in typed arrays made once: offering a key allocates nothing.
 *
 * Keys are told apart by 64 bits of hash and their length; two that agree in all of it would be counted as one, which among the few hundred keys of
 * a sketch happens once in some 10¹⁴ sketches.
 */
export class SpaceSaving {
  readonly capacity: number;
  /** Of all that was offered. */
  total = 0;
  #size = 0;
  /** By slot. */
  readonly #hash: Int32Array;
  readonly #second: Int32Array;
  readonly #length: Int32Array;
  readonly #tag: Int32Array;
  readonly #count: Float64Array;
  readonly #error: Float64Array;
  readonly #bytes: Buffer;
  /** Slots as a heap, the smallest count first; and where each slot stands in it. */
  readonly #heap: Int32Array;
  readonly #place: Int32Array;
  /** Slots by hash: chains. −1 ends one. */
  readonly #buckets: Int32Array;
  readonly #next: Int32Array;
  readonly #mask: number;

  /** @param capacity how many keys are held, a power of two from 2 to 65536 */
  constructor(capacity: number) {
    this.capacity = capacity;
    const whole = (): Int32Array => new Int32Array(capacity);
    this.#hash = whole();
    this.#second = whole();
    this.#length = whole();
    this.#tag = whole();
    this.#count = new Float64Array(capacity);
    this.#error = new Float64Array(capacity);
    this.#bytes = Buffer.alloc(capacity * KEY_BYTES);
    this.#heap = whole();
    this.#place = whole();
    this.#buckets = new Int32Array(capacity * 2).fill(-1);
    this.#next = whole();
    this.#mask = capacity * 2 - 1;
  }

  /** Counts `amount` (above 0) for the key `bytes[start, end)`, and remembers `tag` with it. */
  offer(bytes: Buffer, start: number, end: number, amount: number, tag: number): void {
    this.total += amount;
    const hash = murmur3_x86_32(bytes, start, end, 0);
    const second = murmur3_x86_32(bytes, start, end, SECOND_SEED);
    let slot = this.#find(hash, second, end - start);
    if (slot === -1) {
      slot = this.#size < this.capacity ? this.#add() : this.#takeOver();
      this.#hash[slot] = hash;
      this.#second[slot] = second;
      this.#length[slot] = end - start;
      bytes.copy(this.#bytes, slot * KEY_BYTES, start, Math.min(end, start + KEY_BYTES));
      this.#next[slot] = this.#buckets[hash & this.#mask] as number;
      this.#buckets[hash & this.#mask] = slot;
    }
    this.#tag[slot] = tag;
    this.#count[slot] = (this.#count[slot] as number) + amount;
    this.#sink(this.#place[slot] as number);
  }

  /** Makes all counts smaller by the same factor, from 0 to 1: what was long ago counts less. */
  decay(factor: number): void {
    this.total *= factor;
    for (let slot = 0; slot < this.#size; slot++) {
      this.#count[slot] = (this.#count[slot] as number) * factor;
      this.#error[slot] = (this.#error[slot] as number) * factor;
    }
  }

  /** The `limit` keys with the most that is sure to be theirs (count less error), the greatest first. */
  top(limit: number): HeavyKey[] {
    const slots = Array.from({ length: this.#size }, (_, slot) => slot);
    const sure = (slot: number): number => (this.#count[slot] as number) - (this.#error[slot] as number);
    slots.sort((a, b) => sure(b) - sure(a));
    return slots.slice(0, limit).map((slot) => {
      const length = this.#length[slot] as number;
      const from = slot * KEY_BYTES;
      return {
        key: Buffer.from(this.#bytes.subarray(from, from + Math.min(length, KEY_BYTES))),
        length,
        tag: this.#tag[slot] as number,
        count: this.#count[slot] as number,
        error: this.#error[slot] as number,
      };
    });
  }

  #find(hash: number, second: number, length: number): number {
    let slot = this.#buckets[hash & this.#mask] as number;
    while (slot !== -1) {
      if (this.#hash[slot] === hash && this.#second[slot] === second && this.#length[slot] === length) return slot;
      slot = this.#next[slot] as number;
    }
    return -1;
  }

  /** A slot that is free, at the end of the heap: with a count of 0 it has to rise first. */
  #add(): number {
    const slot = this.#size++;
    this.#count[slot] = 0;
    this.#error[slot] = 0;
    this.#heap[slot] = slot;
    this.#place[slot] = slot;
    this.#rise(slot);
    return slot;
  }

  /** The slot of the smallest count, taken from its key; the count stays, as the newcomer's error. */
  #takeOver(): number {
    const slot = this.#heap[0] as number;
    this.#error[slot] = this.#count[slot] as number;
    const bucket = (this.#hash[slot] as number) & this.#mask;
    let at = this.#buckets[bucket] as number;
    if (at === slot) this.#buckets[bucket] = this.#next[slot] as number;
    else {
      while (this.#next[at] !== slot) at = this.#next[at] as number;
      this.#next[at] = this.#next[slot] as number;
    }
    return slot;
  }

  /** Lets the slot at `place` sink below those with smaller counts. */
  #sink(from: number): void {
    let place = from;
    const slot = this.#heap[place] as number;
    const count = this.#count[slot] as number;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#countAt(child + 1) < this.#countAt(child)) child++;
      if (this.#countAt(child) >= count) break;
      this.#put(this.#heap[child] as number, place);
      place = child;
    }
    this.#put(slot, place);
  }

  #rise(from: number): void {
    let place = from;
    const slot = this.#heap[place] as number;
    const count = this.#count[slot] as number;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.#countAt(above) <= count) break;
      this.#put(this.#heap[above] as number, place);
      place = above;
    }
    this.#put(slot, place);
  }

  #countAt(place: number): number {
    return this.#count[this.#heap[place] as number] as number;
  }

  #put(slot: number, place: number): void {
    this.#heap[place] = slot;
    this.#place[slot] = place;
  }
}
