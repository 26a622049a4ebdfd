import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RETRY_BUDGET, RetryBudget } from './retry-budget.ts';

test('retries never exceed the reserve plus a fifth of the requests', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 2000 }), (asks) => {
      const budget = new RetryBudget();
      let requests = 0;
      let retries = 0;
      for (const retry of asks) {
        if (!retry) {
          requests++;
          budget.request();
        } else if (budget.tryRetry()) retries++;
        expect(retries).toBeLessThanOrEqual(RETRY_BUDGET.reserve + RETRY_BUDGET.ratio * requests + 1e-6);
      }
    }),
  );
});

test('under steady failure a fifth is retried', () => {
  const budget = new RetryBudget();
  let retries = 0;
  for (let i = 0; i < 10_000; i++) {
    budget.request();
    if (budget.tryRetry()) retries++;
  }
  expect(retries).toBeGreaterThan(1990);
  expect(retries).toBeLessThanOrEqual(2010);
});

test('quiet times save up only so much', () => {
  const budget = new RetryBudget();
  for (let i = 0; i < 100_000; i++) budget.request();
  let retries = 0;
  while (budget.tryRetry()) retries++;
  expect(retries).toBe(100);
});
