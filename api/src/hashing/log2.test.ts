import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { log2Table, negativeLog2 } from './log2.ts';
import { referenceLog2Entry, referenceNegativeLog2 } from './reference.ts';

const word = fc.oneof(
  fc.nat(0xffffffff),
  fc.integer({ min: 0, max: 31 }).map((bit) => 2 ** bit - 1),
);

describe('the log2 table', () => {
  const table = log2Table();

  it('holds the rounded logarithms, computed here from scratch', () => {
    for (let j = 0; j <= 4096; j++) expect(BigInt(table[j]!), `entry ${j}`).toBe(referenceLog2Entry(j));
  });

  it('is within one unit of what Math.log2 says', () => {
    for (let j = 0; j <= 4096; j++) expect(Math.abs(table[j]! - 2 ** 32 * Math.log2(1 + j / 4096))).toBeLessThan(1);
  });

  it('keeps no floating-point logarithm at run time', () => {
    const source = readFileSync(new URL('./log2.ts', import.meta.url), 'utf8');
    expect(source.replaceAll(/\/\*\*[\s\S]*?\*\//g, '')).not.toMatch(/Math\.log/);
  });
});

describe('negativeLog2', () => {
  it.each([
    [0, 137438953472],
    [2147483648, 4294967294],
    [4294967295, 0],
  ])('of %i is %i, as published', (x, value) => {
    expect(negativeLog2(x)).toBe(value);
  });

  it('agrees with the reference', () => {
    fc.assert(
      fc.property(word, (x) => {
        expect(BigInt(negativeLog2(x))).toBe(referenceNegativeLog2(BigInt(x)));
      }),
    );
  });

  it('never grows with x', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(negativeLog2(Math.max(a, b))).toBeLessThanOrEqual(negativeLog2(Math.min(a, b)));
      }),
    );
  });

  it('stays exact when multiplied by the largest weight', () => {
    expect(Number.isSafeInteger(negativeLog2(0) * 32767)).toBe(true);
  });
});
