import type { Locator } from '@motif/api/hashing/locator';
import { MotifError } from '@motif/kit';

/**
 * Consistent hashing with bounded loads: no shard gets a request that would put it above ceil(c × mean), c being `percent`/100 and the mean
 * its share by weight of all requests under way, this one included. A request whose owner is full goes to the next in the key's own
 * order of shards that is not, so that a hot key spills over to always the same few. Since the bounds add up to more than what is
 * under way, there is always one. (V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA 2018,
 * arXiv:1608.01350.) Counts what this proxy has under way: other proxies bound theirs.
 */
export class BoundedLoad {
  /** Requests under way, by shard. */
  readonly inFlight: Uint32Array;
  /** How many went elsewhere because this shard, their owner, was full; by shard. */
  readonly spilledFrom: Float64Array;
  readonly #locator: Locator;
  readonly #weights: Float64Array;
  readonly #percent: number;
  readonly #blocked: Uint8Array;
  #spilled = 0;

  /**
   * @param weights by shard, whole numbers
   * @param percent 100 or more, a whole number
   * @throws MotifError `InvalidBoundedLoad`
   */
  constructor(locator: Locator, weights: readonly number[], percent: number) {
    if (!Number.isInteger(percent) || percent < 100) {
      throw new MotifError(
        'InvalidBoundedLoad',
        `boundedLoadPercent: found ${percent}, allowed is a whole number from 100`,
      );
    }
    this.#locator = locator;
    this.#weights = Float64Array.from(weights);
    this.#percent = percent;
    this.#blocked = new Uint8Array(weights.length);
    this.inFlight = new Uint32Array(weights.length);
    this.spilledFrom = new Float64Array(weights.length);
  }

  /** How many requests went elsewhere than to their owner. */
  get spilled(): number {
    return this.#spilled;
  }

  /**
   * The shard that takes a request; it must then `enter` there. Allocates nothing.
   * @param owner the shard of the key `bytes[start, end)` when all have room
   * @param excluded not 0 for shards that get nothing: loads and the mean are those of the others
   * @returns −1 when all are excluded
   */
  choose(owner: number, bytes: Uint8Array, start: number, end: number, excluded: Uint8Array): number {
    let weight = 0;
    let total = 1;
    for (let i = 0; i < excluded.length; i++) {
      if (excluded[i] !== 0) continue;
      weight += this.#weights[i] as number;
      total += this.inFlight[i] as number;
    }
    const first = excluded[owner] === 0 ? owner : this.#locator.pickExcept(bytes, start, end, excluded);
    if (first === -1 || this.#hasRoom(first, total, weight)) return first;
    this.#spilled++;
    this.spilledFrom[first] = (this.spilledFrom[first] as number) + 1;
    const blocked = this.#blocked;
    blocked.set(excluded);
    for (let shard = first; ; ) {
      blocked[shard] = 1;
      shard = this.#locator.pickExcept(bytes, start, end, blocked);
      if (shard === -1) return first;
      if (this.#hasRoom(shard, total, weight)) return shard;
    }
  }

  /** A request is under way to a shard. */
  enter(shard: number): void {
    this.inFlight[shard] = (this.inFlight[shard] as number) + 1;
  }

  /** It is done, however it ended: exactly once for each `enter`. */
  leave(shard: number): void {
    this.inFlight[shard] = (this.inFlight[shard] as number) - 1;
  }

  /** Whole numbers below 2⁵³ as far as the division, so that an even share is exactly even. */
  #hasRoom(shard: number, total: number, weight: number): boolean {
    const most = Math.ceil((this.#percent * total * (this.#weights[shard] as number)) / (100 * weight));
    return (this.inFlight[shard] as number) < most;
  }
}
