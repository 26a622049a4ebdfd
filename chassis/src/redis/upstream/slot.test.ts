import { expect, it } from 'vitest';
import { NOBODY, takeSlot } from './slot.ts';

it('is free when both queues have let go, and then as new', () => {
  const slot = takeSlot();
  slot.holders = 2;
  slot.sink = NOBODY;
  slot.gather = { abandon: () => {} };
  slot.held = Buffer.alloc(1);
  Object.assign(slot, { silent: true, readonly: true, write: true, expired: true, ready: true });
  slot.release();
  expect(slot.sink).toBe(NOBODY);
  slot.release();
  const again = takeSlot();
  expect(again).toBe(slot);
  expect(again).toMatchObject({
    sink: null,
    connection: null,
    lane: null,
    held: null,
    gather: null,
    silent: false,
    readonly: false,
    write: false,
    expired: false,
    ready: false,
    holders: 0,
  });
  expect(takeSlot()).not.toBe(slot);
});

it('nobody wants anything', () => {
  const slot = takeSlot();
  expect(NOBODY.onLarge(slot, undefined as never)).toBe(false);
  NOBODY.onReply(slot, Buffer.alloc(0), 0, 0, 43);
  NOBODY.onFailure(slot, 'x');
  NOBODY.onPart(slot, Buffer.alloc(0), 0, 0, true);
  expect(slot.sink).toBeNull();
});
