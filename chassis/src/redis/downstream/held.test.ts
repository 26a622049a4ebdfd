import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Slot, takeSlot } from '../upstream/slot.ts';
import { HeldAnswers } from './held.ts';

const held = (slot: Slot): string => slot.held?.toString('latin1', slot.heldStart, slot.heldEnd) ?? '';

describe('answers before their turn', () => {
  test('are what they were, whatever comes and goes in between', () => {
    const step = fc.record({
      size: fc.constantFrom(0, 1, 30, 40, 4000, 4097, 20_000),
      own: fc.boolean(),
      drops: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const answers = new HeldAnswers();
        const queue: { slot: Slot; text: string }[] = [];
        steps.forEach(({ size, own, drops }, i) => {
          const text = String.fromCharCode(97 + (i % 26)).repeat(size);
          const source = Buffer.from(`#${text}#`);
          const slot = takeSlot();
          if (own) answers.own(slot, Buffer.from(text));
          else answers.put(slot, source, 1, 1 + size);
          source.fill('!');
          queue.push({ slot, text });
          for (let drop = 0; drop < drops; drop++) {
            const first = queue.shift();
            if (first === undefined) break;
            expect(first.slot.ready).toBe(true);
            expect(held(first.slot) === first.text).toBe(true);
            answers.drop(first.slot);
          }
          expect(answers.bytes).toBe(queue.reduce((sum, one) => sum + one.text.length, 0));
        });
        for (const { slot, text } of queue) expect(held(slot) === text).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('that are small share one buffer', () => {
    const answers = new HeldAnswers();
    const [a, b] = [takeSlot(), takeSlot()];
    answers.put(a, Buffer.from('a'), 0, 1);
    answers.put(b, Buffer.from('b'), 0, 1);
    expect(a.held).toBe(b.held);
    expect([held(a), held(b)]).toEqual(['a', 'b']);
  });
});
