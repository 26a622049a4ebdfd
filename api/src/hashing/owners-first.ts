import type { Locator } from './locator.ts';

/** Says of some keys which shard they live on, whatever any hash says. */
export interface Owners {
  /** The shard of the key `bytes[start, end)`, or −1 where this has no say. Allocates nothing. */
  find(bytes: Uint8Array, start: number, end: number): number;
}

/**
 * A locator that asks `owners` first and `rest` for every other key. Where the owner of a key is left out, and in what order
 * others would take it over, is `rest`'s to say too.
 */
export class OwnersFirst implements Locator {
  readonly size: number;
  readonly #owners: Owners;
  readonly #rest: Locator;

  constructor(owners: Owners, rest: Locator) {
    this.size = rest.size;
    this.#owners = owners;
    this.#rest = rest;
  }

  pick(bytes: Uint8Array, start: number, end: number): number {
    const owner = this.#owners.find(bytes, start, end);
    return owner === -1 ? this.#rest.pick(bytes, start, end) : owner;
  }

  pickExcept(bytes: Uint8Array, start: number, end: number, excluded: Uint8Array): number {
    const owner = this.#owners.find(bytes, start, end);
    return owner === -1 || excluded[owner] !== 0 ? this.#rest.pickExcept(bytes, start, end, excluded) : owner;
  }

  rank(bytes: Uint8Array, start: number, end: number): number[] {
    const owner = this.#owners.find(bytes, start, end);
    const rank = this.#rest.rank(bytes, start, end);
    return owner === -1 ? rank : [owner, ...rank.filter((shard) => shard !== owner)];
  }
}
