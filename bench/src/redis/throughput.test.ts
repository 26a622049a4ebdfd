import { expect, test } from 'vitest';
import { CASES, enoughFor, rateOf } from './throughput.ts';

test('the rate is the second column of the measured command', () => {
  const csv = '"test","rps","avg_latency_ms"\n"GET","51234.50","0.9"\n';
  expect(rateOf(csv)).toBe(51234.5);
  expect(() => rateOf('WARNING: nothing')).toThrow('redis-benchmark printed no rate');
});

test('requests fill the time at the rate seen last, but are never too few to be told apart by clock ticks', () => {
  const sample = (rate: number) => ({ microseconds: 1, rate, busy: 1, waited: 0 });
  const [p1, p16] = CASES;
  expect(enoughFor(sample(40_000), p1!, 5)).toEqual({ requests: 200_000 });
  expect(enoughFor(sample(300_123), p16!, 2)).toEqual({ requests: 600_000 });
  expect(enoughFor(sample(1000), p1!, 5)).toEqual({ requests: 50_000 });
});
