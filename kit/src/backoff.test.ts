import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffCeiling, backoffDelay } from './backoff.ts';
import { seededRandom } from './random.ts';

const bounds = { baseMs: 100, capMs: 30_000 };

test('the ceiling doubles up to the cap, for any attempt', () => {
  expect([0, 1, 2, 8, 9, 100, 5000].map((attempt) => backoffCeiling(attempt, bounds))).toEqual([
    100, 200, 400, 25_600, 30_000, 30_000, 30_000,
  ]);
});

test('a delay lies between 0 and the ceiling', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.integer(), (attempt, seed) => {
      const delay = backoffDelay(attempt, bounds, seededRandom(seed));
      return delay >= 0 && delay <= backoffCeiling(attempt, bounds);
    }),
  );
});

test('delays use the whole range: their mean is half the ceiling', () => {
  const random = seededRandom(1);
  let sum = 0;
  for (let i = 0; i < 10_000; i++) sum += backoffDelay(3, bounds, random);
  expect(sum / 10_000 / 800).toBeGreaterThan(0.48);
  expect(sum / 10_000 / 800).toBeLessThan(0.52);
});
