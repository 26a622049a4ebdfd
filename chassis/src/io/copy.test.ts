import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyBytes } from './copy.ts';

test('copies a range and nothing else, short or long', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
      fc.nat(99),
      fc.nat(99),
      fc.nat(5),
      (array, a, b, at) => {
        const source = Buffer.from(array);
        const [start, end] = [Math.min(a, b, source.length), Math.min(Math.max(a, b), source.length)];
        const target = Buffer.alloc(110, 7);
        copyBytes(source, start, end, target, at);
        const wanted = Buffer.concat([Buffer.alloc(at, 7), source.subarray(start, end), Buffer.alloc(110, 7)]);
        expect(target.equals(wanted.subarray(0, 110))).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});
