import { createRendezvous } from '@motif/api/hashing/rendezvous';
import { seededRandom } from '@motif/kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedLoad } from './bounded-load.ts';

const KEYS = 5000;

/** Keys by Zipf's law: the k-th most wanted with probability ∝ k^−s. */
function zipf(s: number, random: () => number): () => Buffer {
  const cumulative: number[] = [];
  let sum = 0;
  for (let k = 1; k <= KEYS; k++) {
    sum += k ** -s;
    cumulative.push(sum);
  }
  const keys = cumulative.map((_, k) => Buffer.from(`user-${k}`));
  return () => {
    const at = random() * sum;
    let low = 0;
    for (let high = KEYS - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return keys[low] as Buffer;
  };
}

function locatorOf(weights: readonly number[]): ReturnType<typeof createRendezvous> {
  return createRendezvous(weights.map((weight, i) => ({ hashName: `cart-${i}`, weight })));
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** Requests that come and go at random, about `level` under way; `seen` is called with each shard chosen. */
function run(
  bounded: BoundedLoad,
  weights: readonly number[],
  options: { seed: number; level: number; steps: number },
  seen: (key: Buffer, shard: number, owner: number) => void,
): void {
  const random = seededRandom(options.seed);
  const next = zipf(1.1, random);
  const locator = locatorOf(weights);
  const none = new Uint8Array(weights.length);
  const underWay: number[] = [];
  for (let step = 0; step < options.steps; step++) {
    while (underWay.length > options.level * 2 * random()) {
      bounded.leave(underWay.splice(Math.floor(random() * underWay.length), 1)[0] as number);
    }
    const key = next();
    const owner = locator.pick(key, 0, key.length);
    const shard = bounded.choose(owner, key, 0, key.length, none);
    seen(key, shard, owner);
    bounded.enter(shard);
    underWay.push(shard);
  }
}

describe('BoundedLoad', () => {
  it('under Zipf 1.1 never puts a shard above ceil(1.25 × its share of the mean), and follows the key’s own order', () => {
    const shards = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
    const options = fc.record({ seed: fc.integer(), level: fc.integer({ min: 1, max: 200 }), steps: fc.constant(500) });
    fc.assert(
      fc.property(shards, options, (weights, how) => {
        const locator = locatorOf(weights);
        const bounded = new BoundedLoad(locator, weights, 125);
        run(bounded, weights, how, (key, shard) => {
          const after = sum(bounded.inFlight) + 1;
          const most = weights.map((weight) => Math.ceil((1.25 * after * weight) / sum(weights) - 1e-9));
          expect((bounded.inFlight[shard] as number) + 1).toBeLessThanOrEqual(most[shard] as number);
          const first = locator
            .rank(key, 0, key.length)
            .find((i) => (bounded.inFlight[i] as number) < (most[i] as number));
          expect(shard).toBe(first);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('counts what spills, and leaves most requests with their owner', () => {
    const weights = [1, 1, 1, 1];
    const bounded = new BoundedLoad(locatorOf(weights), weights, 125);
    let away = 0;
    const from = [0, 0, 0, 0];
    run(bounded, weights, { seed: 7, level: 100, steps: 20_000 }, (_, shard, owner) => {
      if (shard === owner) return;
      away++;
      from[owner] = (from[owner] as number) + 1;
    });
    expect(bounded.spilled).toBe(away);
    expect([...bounded.spilledFrom]).toEqual(from);
    expect(away).toBeGreaterThan(0);
    expect(away / 20_000).toBeLessThan(0.25);
  });

  it('spills a hot key to always the same neighbours', () => {
    const weights = [1, 1, 1, 1];
    const locator = locatorOf(weights);
    const bounded = new BoundedLoad(locator, weights, 200);
    const key = Buffer.from('hot');
    const [first, second] = locator.rank(key, 0, key.length) as [number, number];
    const none = new Uint8Array(4);
    const chosen = Array.from({ length: 40 }, () => {
      const shard = bounded.choose(first, key, 0, key.length, none);
      bounded.enter(shard);
      return shard;
    });
    expect(new Set(chosen)).toEqual(new Set([first, second]));
    expect(Math.abs((bounded.inFlight[first] as number) - (bounded.inFlight[second] as number))).toBeLessThanOrEqual(1);
  });

  it('leaves dead shards out of the choice and of the mean', () => {
    const weights = [1, 1, 1];
    const locator = locatorOf(weights);
    const bounded = new BoundedLoad(locator, weights, 125);
    const key = Buffer.from('a');
    const [first, second, third] = locator.rank(key, 0, 1) as [number, number, number];
    const dead = new Uint8Array(3);
    dead[first] = 1;
    for (let i = 0; i < 8; i++) bounded.enter(first);
    expect(bounded.choose(first, key, 0, 1, dead)).toBe(second);
    expect(bounded.spilled).toBe(0);
    bounded.enter(second);
    // Two alive, two under way with this one: ceil(1.25 × 2 / 2) = 2 each, whatever hangs at the dead one.
    expect(bounded.choose(first, key, 0, 1, dead)).toBe(second);
    bounded.enter(second);
    // ceil(1.25 × 3 / 2) is 2 as well: the next one's turn.
    expect(bounded.choose(first, key, 0, 1, dead)).toBe(third);
    expect(bounded.spilledFrom[second]).toBe(1);
    expect(bounded.choose(first, key, 0, 1, Uint8Array.of(1, 1, 1))).toBe(-1);
  });

  it('refuses a bound below the mean', () => {
    expect(() => new BoundedLoad(locatorOf([1]), [1], 99)).toThrow('boundedLoadPercent: found 99');
  });
});
