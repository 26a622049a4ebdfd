import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadlineAt, parseDeadlineMs, parseGrpcTimeout, remainingGrpc, remainingMs } from './deadline.ts';

describe('deadlines', () => {
  it.each([
    ['250', 250],
    ['0', 0],
    ['999999999', 999_999_999],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    [' 1', undefined],
    ['1000000000', undefined],
    [undefined, undefined],
  ])('x-request-deadline-ms: %j', (value, ms) => expect(parseDeadlineMs(value)).toBe(ms));

  it.each([
    ['1H', 3_600_000],
    ['2M', 120_000],
    ['3S', 3000],
    ['250m', 250],
    ['1500u', 1.5],
    ['99999999n', 99.999_999],
    ['100', undefined],
    ['m', undefined],
    ['123456789m', undefined],
    ['1s', undefined],
    [undefined, undefined],
  ])('grpc-timeout: %j', (value, ms) => expect(parseGrpcTimeout(value)).toBe(ms));

  it('is the earliest of our time-out and what the caller says', () => {
    expect(deadlineAt(1000, 500, undefined, undefined)).toBe(1500);
    expect(deadlineAt(1000, 500, '200', undefined)).toBe(1200);
    expect(deadlineAt(1000, 500, '200', '100m')).toBe(1100);
    expect(deadlineAt(1000, 500, '900', 'soon')).toBe(1500);
    expect(deadlineAt(1000, 500, '0', undefined)).toBe(1000);
  });

  it('passed on, never grows', () => {
    const time = fc.double({ min: 0, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(time, fc.nat(9_999_999), time, (now, timeout, elapsed) => {
        const at = deadlineAt(now, timeout, undefined, undefined);
        const left = remainingMs(at, now + elapsed);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(Math.max(0, timeout - elapsed) + 1e-6);
        expect(parseDeadlineMs(String(left))).toBe(left);
        expect(parseGrpcTimeout(remainingGrpc(at, now + elapsed))).toBe(left);
      }),
    );
    expect(remainingGrpc(2e8, 0)).toBe('200000S');
  });
});
