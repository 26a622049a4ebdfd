import { describe, expect, test } from 'vitest';
import { KubeApiError, type KubeApiErrorFields } from '../errors.ts';
import { retryAfter, statusFailure, transportFailure } from './failure.ts';
import { MAX_ATTEMPTS, type RetryQuestion, retryDelay } from './retry.ts';

const fields: KubeApiErrorFields = { status: 500, reason: 'InternalError', retryable: true, maybeApplied: true };
const question = (error: Partial<KubeApiErrorFields>, more: Partial<RetryQuestion> = {}): RetryQuestion => ({
  error: new KubeApiError('x', { ...fields, ...error }),
  repeatable: 'yes',
  attempts: 1,
  remainingMs: 30_000,
  ...more,
});

describe('retryDelay', () => {
  test.each([
    ['the first pause is up to 0.1 s', question({}), 50],
    ['the fourth up to 0.8 s', question({}, { attempts: 4 }), 400],
    ['Retry-After comes before the jitter', question({ retryAfterMs: 2000 }), 2050],
    ['what was surely not carried out may come again', question({ maybeApplied: false }, { repeatable: 'no' }), 50],
  ])('%s', (_, asked, expected) => {
    expect(retryDelay(asked, () => 0.5)).toBe(expected);
  });

  test.each([
    ['an error that stays', question({ retryable: false })],
    ['too many attempts', question({}, { attempts: MAX_ATTEMPTS })],
    ['a pause beyond the deadline', question({ retryAfterMs: 60_000 })],
    ['a create that may have been carried out', question({}, { repeatable: 'no' })],
  ])('none for %s', (_, asked) => {
    expect(retryDelay(asked, () => 0.5)).toBeUndefined();
  });
});

describe('failures', () => {
  test.each([
    ['ECONNREFUSED', { reason: 'ConnectionFailed', maybeApplied: false, retryable: true }],
    ['UND_ERR_CONNECT_TIMEOUT', { reason: 'ConnectionFailed', maybeApplied: false, retryable: true }],
    ['ECONNRESET', { reason: 'ConnectionFailed', maybeApplied: true, retryable: true }],
    ['UND_ERR_HEADERS_TIMEOUT', { reason: 'Timeout', maybeApplied: true, retryable: true }],
    ['SELF_SIGNED_CERT_IN_CHAIN', { reason: 'ConnectionFailed', maybeApplied: false, retryable: false }],
  ])('of the transport: %s', (code, expected) => {
    expect(transportFailure('GET /x', Object.assign(new Error('boom'), { code }))).toMatchObject(expected);
  });

  test.each([
    [503, { retryable: true, maybeApplied: false }],
    [502, { retryable: true, maybeApplied: true }],
    [501, { retryable: false }],
  ])('of a proxy that answers %i without a Status', (status, expected) => {
    const answer = { status, retryAfter: undefined, text: '<html>sorry</html>' };
    expect(statusFailure('GET /x', answer, 0)).toMatchObject(expected);
  });

  test.each([
    ['120', 120_000],
    ['Thu, 01 Jan 1970 00:00:20 GMT', 10_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('Retry-After %s', (header, expected) => {
    expect(retryAfter(header, 10_000)).toBe(expected);
  });
});
