import { expect, test } from 'vitest';
import { bestRate, median, type Round, summarize } from './statistics.ts';

test('median of odd, even and no values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

const round = (ours: number, peer: number): Round => ({
  ours: { microseconds: ours, rate: 1, busy: 1, waited: 0 },
  peer: { microseconds: peer, rate: 1, busy: 1, waited: 0 },
});

test('the ratio is taken within each round, not between medians', () => {
  const result = summarize([round(2, 4), round(10, 30), round(3, 3)]);
  expect(result).toEqual({ ours: 3, peer: 4, ratio: 2, min: 1, max: 3 });
});

test('a rate counts only where the proxy was busy', () => {
  const sample = (rate: number, busy: number) => ({ microseconds: 1, rate, busy, waited: 0 });
  expect(bestRate([sample(100, 0.95), sample(120, 0.96), sample(300, 0.94)])).toBe(120);
  expect(bestRate([sample(300, 0.9)])).toBeUndefined();
});
