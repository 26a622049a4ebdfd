import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, LONGEST_DURATION, parseDuration, UnitError } from './duration.ts';

test.each([
  ['250ms', 250],
  ['10s', 10_000],
  ['1m', 60_000],
  ['720h', 2_592_000_000],
  ['1h30m', 5_400_000],
  ['99999h59m59s999ms', LONGEST_DURATION],
  ['0s', 0],
  ['1s1s', 2000],
  ['1ms1s', 1001],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', ' ', '1', '-1s', '1.5s', '1S', '100000s', '1h1h1h1h1h', '1d', '1us', '1s ', '1 s', 'ms', '1sm'])(
  '%j is refused and the message names it',
  (text) => {
    expect(() => parseDuration(text)).toThrow(UnitError);
    expect(() => parseDuration(text)).toThrow(JSON.stringify(text));
  },
);

test('what is formatted parses back to the same', () => {
  fc.assert(
    fc.property(fc.nat(LONGEST_DURATION), (ms) => parseDuration(formatDuration(ms)) === ms),
    { examples: [[0], [999], [3_600_000], [LONGEST_DURATION]] },
  );
});

test('what cannot be written is refused', () => {
  for (const ms of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, LONGEST_DURATION + 1]) {
    expect(() => formatDuration(ms)).toThrow(UnitError);
  }
});
