import { ApiError } from '../error.ts';
import type { Locator } from './locator.ts';
import { negativeLog2 } from './log2.ts';
import { fmix32, murmur3_x86_32 } from './murmur3.ts';
import { findHashNameCollision, hashOfName } from './names.ts';

/** A shard as a hash sees it: its name for ever, and its share relative to the other shards'. */
export interface WeightedName {
  readonly hashName: string;
  /** A whole number from 1 to 32767. */
  readonly weight: number;
}

export const MAX_WEIGHT = 32767;

/**
 * `rendezvous/v1`, fixed for ever (docs/reference/rendezvous-v1.md has the definition and vectors): each shard's score for a
 * key comes from the key's and its own name's hash alone, so adding or removing a shard moves only the keys it gains or had.
 * @throws ApiError `HashNameCollision` for two names of one hash, `InvalidWeight`, `NoShards`
 */
export function createRendezvous(shards: readonly WeightedName[]): Locator {
  check(shards);
  const seeds = Int32Array.from(shards, ({ hashName }) => hashOfName(hashName));
  const equal = shards.every(({ weight }) => weight === shards[0]?.weight);
  return equal
    ? new EqualRendezvous(seeds)
    : new WeightedRendezvous(
        seeds,
        Float64Array.from(shards, ({ weight }) => weight),
      );
}

function check(shards: readonly WeightedName[]): void {
  if (shards.length === 0) throw new ApiError('NoShards', 'shards: found none, allowed is 1 or more');
  for (const [index, { weight }] of shards.entries()) {
    if (!Number.isInteger(weight) || weight < 1 || weight > MAX_WEIGHT) {
      const message = `shards[${index}].weight: found ${weight}, allowed is a whole number from 1 to ${MAX_WEIGHT}`;
      throw new ApiError('InvalidWeight', message);
    }
  }
  const clash = findHashNameCollision(shards.map(({ hashName }) => hashName));
  if (clash !== undefined) {
    const [first, second] = clash.names;
    const message =
      `shards[${clash.second}].hashName: found "${second}", whose hash is that of shards[${clash.first}] "${first}"; ` +
      'allowed are names of different hashes: change one of the two';
    throw new ApiError('HashNameCollision', message);
  }
}

/** Largest x wins. */
class EqualRendezvous implements Locator {
  readonly size: number;
  readonly #seeds: Int32Array;

  constructor(seeds: Int32Array) {
    this.size = seeds.length;
    this.#seeds = seeds;
  }

  pick(bytes: Uint8Array, start: number, end: number): number {
    const seeds = this.#seeds;
    const key = murmur3_x86_32(bytes, start, end, 0);
    let best = 0;
    let bestScore = -1;
    for (let i = 0; i < seeds.length; i++) {
      const score = fmix32(key ^ (seeds[i] as number)) >>> 0;
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  pickExcept(bytes: Uint8Array, start: number, end: number, excluded: Uint8Array): number {
    const seeds = this.#seeds;
    const key = murmur3_x86_32(bytes, start, end, 0);
    let best = -1;
    let bestScore = -1;
    for (let i = 0; i < seeds.length; i++) {
      if (excluded[i] !== 0) continue;
      const score = fmix32(key ^ (seeds[i] as number)) >>> 0;
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  rank(bytes: Uint8Array, start: number, end: number): number[] {
    const key = murmur3_x86_32(bytes, start, end, 0);
    const scores = Array.from(this.#seeds, (seed) => fmix32(key ^ seed) >>> 0);
    return scores.map((_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  }
}

/** Smallest L(x)/weight wins, then the larger x. Compared by cross-multiplication: L < 2³⁸ and weights < 2¹⁵ stay exact. */
class WeightedRendezvous implements Locator {
  readonly size: number;
  readonly #seeds: Int32Array;
  readonly #weights: Float64Array;

  constructor(seeds: Int32Array, weights: Float64Array) {
    this.size = seeds.length;
    this.#seeds = seeds;
    this.#weights = weights;
  }

  pick(bytes: Uint8Array, start: number, end: number): number {
    return this.#nearest(murmur3_x86_32(bytes, start, end, 0), undefined);
  }

  pickExcept(bytes: Uint8Array, start: number, end: number, excluded: Uint8Array): number {
    return this.#nearest(murmur3_x86_32(bytes, start, end, 0), excluded);
  }

  #nearest(key: number, excluded: Uint8Array | undefined): number {
    const seeds = this.#seeds;
    const weights = this.#weights;
    let best = -1;
    let bestX = 0;
    let bestDistance = 0;
    let bestWeight = 1;
    for (let i = 0; i < seeds.length; i++) {
      if (excluded !== undefined && excluded[i] !== 0) continue;
      const x = fmix32(key ^ (seeds[i] as number)) >>> 0;
      const weight = weights[i] as number;
      // Neither nearer nor heavier: L never grows with x, so its distance need not be worked out.
      if (x <= bestX && weight <= bestWeight && best !== -1) continue;
      const distance = negativeLog2(x);
      const difference = distance * bestWeight - bestDistance * weight;
      if (best === -1 || difference < 0 || (difference === 0 && x > bestX)) {
        best = i;
        bestX = x;
        bestDistance = distance;
        bestWeight = weight;
      }
    }
    return best;
  }

  rank(bytes: Uint8Array, start: number, end: number): number[] {
    const key = murmur3_x86_32(bytes, start, end, 0);
    const scored = Array.from(this.#seeds, (seed, index) => {
      const x = fmix32(key ^ seed) >>> 0;
      return { index, x, distance: negativeLog2(x), weight: this.#weights[index] as number };
    });
    scored.sort((a, b) => a.distance * b.weight - b.distance * a.weight || b.x - a.x);
    return scored.map(({ index }) => index);
  }
}
