import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';

it('gives a percentile at most a sixteenth above the true one, never below', () => {
  const latencies = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(latencies, fc.integer({ min: 1, max: 100 }), (values, percent) => {
      const histogram = new LatencyHistogram();
      for (const value of values) histogram.record(value);
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil((values.length * percent) / 100) - 1] as number;
      const told = histogram.percentile(percent);
      expect(told).toBeGreaterThanOrEqual(exact - 1e-9);
      // Values are cut to whole microseconds.
      expect(told).toBeLessThanOrEqual(exact * (17 / 16) + 0.001 + 1e-9);
    }),
  );
});

it('forgets what is old', () => {
  const histogram = new LatencyHistogram(100);
  for (let i = 0; i < 1000; i++) histogram.record(500);
  for (let i = 0; i < 100; i++) histogram.record(1);
  expect(histogram.percentile(99)).toBeGreaterThan(490);
  for (let i = 0; i < 101; i++) histogram.record(1);
  expect(histogram.percentile(100)).toBeLessThan(1.1);
  expect(histogram.count).toBeGreaterThan(100);
  expect(histogram.count).toBeLessThanOrEqual(200);
});

it('has an answer for nothing, and for what is no latency', () => {
  const histogram = new LatencyHistogram();
  expect(histogram.percentile(95)).toBe(0);
  for (const odd of [Number.NaN, -5]) histogram.record(odd);
  expect(histogram.percentile(100)).toBe(0.001);
  histogram.record(Number.POSITIVE_INFINITY);
  expect(histogram.percentile(100)).toBeGreaterThan(2_000_000);
});
