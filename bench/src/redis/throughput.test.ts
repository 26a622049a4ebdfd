import { expect, test } from 'vitest';
import { rateOf } from './throughput.ts';

test('the rate is the second column of the measured command', () => {
  const csv = '"test","rps","avg_latency_ms"\n"GET","51234.50","0.9"\n';
  expect(rateOf(csv)).toBe(51234.5);
  expect(() => rateOf('WARNING: nothing')).toThrow('redis-benchmark printed no rate');
});
