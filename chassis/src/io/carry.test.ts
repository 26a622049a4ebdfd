import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { Carry } from './carry.ts';

const text = (carry: Carry): string => carry.buffer?.toString('latin1', 0, carry.length) ?? '';

test('keeps what is appended less what is consumed', () => {
  const step = fc.record({
    add: fc.constantFrom(0, 1, 10, 50_000, 70_000),
    drop: fc.constantFrom(0, 0, 1, 60_000, 1e9),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const carry = new Carry();
      let wanted = '';
      steps.forEach(({ add, drop }, i) => {
        const piece = String.fromCharCode(97 + i).repeat(add);
        carry.append(Buffer.from(`#${piece}#`), 1, 1 + add);
        carry.consume(drop);
        wanted = (wanted + piece).slice(drop);
        expect(text(carry) === wanted).toBe(true);
        expect(carry.length).toBe(wanted.length);
      });
    }),
    { numRuns: 60 },
  );
});

it('makes room at once for what is announced', () => {
  const carry = new Carry();
  carry.append(Buffer.from('*'), 0, 1, 200_000);
  const { buffer } = carry;
  carry.append(Buffer.alloc(200_000, 'x'), 0, 200_000);
  expect(carry.buffer).toBe(buffer);
});

it('copies each byte about once however small the pieces are', () => {
  const carry = new Carry();
  let grown = 0;
  let before: Buffer | null = null;
  const piece = Buffer.alloc(1000, 'x');
  for (let i = 0; i < 2000; i++) {
    carry.append(piece, 0, piece.length);
    if (carry.buffer !== before) grown++;
    before = carry.buffer;
  }
  expect(grown).toBeLessThanOrEqual(7);
  expect(carry.length).toBe(2_000_000);
});

it('is empty after it was cleared, or consumed to the end', () => {
  const carry = new Carry();
  carry.append(Buffer.from('ab'), 0, 2);
  carry.consume(2);
  expect([carry.length, carry.buffer]).toEqual([0, null]);
});
