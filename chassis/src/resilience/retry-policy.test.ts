import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptFailure, MOST_ATTEMPTS, mayRetry, type RetryFacts, retryDelayMs } from './retry-policy.ts';

const facts: RetryFacts = {
  failure: 'stale',
  idempotent: true,
  replayable: true,
  answered: false,
  callerRetries: false,
  attempts: 1,
  leftMs: 500,
};

describe('mayRetry', () => {
  it.each<[AttemptFailure, boolean, boolean]>([
    ['refused', false, true],
    ['refused', true, true],
    ['stale', false, false],
    ['stale', true, true],
    ['broken', false, false],
    ['broken', true, true],
    ['timeout', true, false],
  ])('%s, idempotent: %j', (failure, idempotent, verdict) => {
    expect(mayRetry({ ...facts, failure, idempotent })).toBe(verdict);
  });

  it.each<[string, Partial<RetryFacts>]>([
    ['something of the answer is out', { answered: true }],
    ['the caller retries itself', { callerRetries: true }],
    ['the request is not kept', { replayable: false }],
    ['there were enough attempts', { attempts: MOST_ATTEMPTS }],
    ['no time is left', { leftMs: 0 }],
  ])('never when %s', (_, change) => {
    for (const failure of ['refused', 'stale', 'broken'] as const) {
      expect(mayRetry({ ...facts, failure, ...change })).toBe(false);
    }
  });
});

it('waits not at all first, then up to 25 ms and twice that with each further attempt, never past half of the time left', () => {
  const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fraction, fc.integer({ min: 1, max: 20 }), fc.nat(1000), (random, attempts, leftMs) => {
      const delay = retryDelayMs(attempts, leftMs, () => random);
      expect(delay).toBeLessThanOrEqual(Math.min(attempts === 1 ? 0 : 25 * 2 ** (attempts - 2), 250, leftMs / 2));
      expect(delay).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(retryDelayMs(3, 1000, () => 0.5)).toBe(25);
});
