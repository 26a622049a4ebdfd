import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { Ring } from './ring.ts';

test('behaves as an array does, however it grows and wraps', () => {
  const step = fc.oneof(fc.constant('shift' as const), fc.nat(9), fc.constant('push' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const ring = new Ring<number>(2);
      const model: number[] = [];
      steps.forEach((what, i) => {
        if (what === 'push') {
          ring.push(i);
          model.push(i);
        } else if (what === 'shift') expect(ring.shift()).toBe(model.shift());
        else {
          ring.replace(what, -i);
          if (what < model.length) model[what] = -i;
        }
        expect(ring.length).toBe(model.length);
        expect(ring.peek()).toBe(model[0]);
      });
      expect(Array.from({ length: ring.length + 2 }, (_, i) => ring.at(i))).toEqual([...model, undefined, undefined]);
    }),
    { numRuns: 150 },
  );
});

it('keeps nothing that was taken out', () => {
  const ring = new Ring<object>(2);
  for (let i = 0; i < 5; i++) ring.push({});
  while (ring.shift() !== undefined);
  expect(ring.peek()).toBeUndefined();
  expect(ring.length).toBe(0);
});
