import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocateViewed, copyBytes } from './copy.ts';

test.each([
  ['plain', (size: number) => Buffer.alloc(size)],
  ['viewed', allocateViewed],
])('copies a range and nothing else, short or long: %s buffers', (_, allocate) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
      fc.nat(99),
      fc.nat(99),
      fc.nat(5),
      (array, a, b, at) => {
        const source = allocate(array.length);
        source.set(array);
        const [start, end] = [Math.min(a, b, source.length), Math.min(Math.max(a, b), source.length)];
        const target = allocate(310).fill(7);
        copyBytes(source, start, end, target, at);
        const wanted = Buffer.concat([Buffer.alloc(at, 7), source.subarray(start, end), Buffer.alloc(310, 7)]);
        expect(target.equals(wanted.subarray(0, 310))).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
