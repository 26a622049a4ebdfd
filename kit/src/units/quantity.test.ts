import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnitError } from './duration.ts';
import { formatQuantity, parseQuantity } from './quantity.ts';

test.each([
  ['0', 0],
  ['64Mi', 67_108_864],
  ['1.5Gi', 1_610_612_736],
  ['500M', 500_000_000],
  ['250m', 0.25],
  ['100n', 1e-7],
  ['1e3', 1000],
  ['1E', 1e18],
  ['2E3', 2000],
  ['.5', 0.5],
  ['5.', 5],
  ['-1Ki', -1024],
  ['12E-1', 1.2],
])('%s is %d', (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

test.each(['', '.', 'Mi', '1mi', '1KB', '1 Gi', '1K', '0x10', '1e', '1eMi', 'NaN', '1e3Mi'])(
  '%j is refused',
  (text) => {
    expect(() => parseQuantity(text)).toThrow(UnitError);
    expect(() => parseQuantity(text)).toThrow(JSON.stringify(text));
  },
);

test('what is formatted parses back to the same, in both styles', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.constantFrom('binary' as const, 'decimal' as const), (value, style) => {
      expect(parseQuantity(formatQuantity(value, style))).toBe(value);
    }),
  );
});

test('the largest suffix that keeps the number whole is taken', () => {
  expect(formatQuantity(67_108_864)).toBe('64Mi');
  expect(formatQuantity(1025)).toBe('1025');
  expect(formatQuantity(0)).toBe('0');
  expect(formatQuantity(1_500_000, 'decimal')).toBe('1500k');
  expect(() => formatQuantity(0.5)).toThrow(UnitError);
});
