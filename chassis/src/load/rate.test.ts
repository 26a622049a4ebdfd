import { expect, it } from 'vitest';
import { Rate } from './rate.ts';

it('a rate is that of the last ten samples', () => {
  const rate = new Rate();
  expect(rate.perSecond).toBe(0);
  rate.sample(0, 1000);
  expect(rate.perSecond).toBe(0);
  rate.sample(1000, 1050);
  expect(rate.perSecond).toBe(50);
  for (let second = 2; second <= 11; second++) rate.sample(second * 1000, 1050 + (second - 1) * 10);
  // The fifty of the first second are eleven samples ago.
  expect(rate.perSecond).toBe(10);
});
