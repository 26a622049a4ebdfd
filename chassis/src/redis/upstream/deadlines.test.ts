import { describe, expect, it } from 'vitest';
import { Ring } from '../../io/ring.ts';
import { Deadlines, unsure } from './deadlines.ts';
import type { Shard } from './shard.ts';
import { type Sink, type Slot, takeSlot } from './slot.ts';

/** Commands of the clients named here, issued at 10, 20, 30, … */
function pending(...owners: readonly object[]) {
  const told: string[] = [];
  const timedOut: number[] = [];
  const ring = new Ring<Slot>();
  const slots = owners.map((owner, i) => {
    const slot = takeSlot();
    slot.issued = 10 * (i + 1);
    slot.group = i;
    slot.write = false;
    slot.sink = { owner, onFailure: (_slot: Slot, error: string) => told.push(error) } as unknown as Sink;
    ring.push(slot);
    return slot;
  });
  const shard = {
    name: 'cart-0',
    options: { timeoutMs: 1000 },
    stats: { timedOut: (group: number) => timedOut.push(group) },
  };
  return { told, timedOut, slots, deadlines: new Deadlines(ring, shard as unknown as Shard) };
}

const [ann, bob] = [{ name: 'ann' }, { name: 'bob' }];

describe('time-outs of commands', () => {
  it('tell those that were issued too long ago, once, and leave their places in the queue', () => {
    const { deadlines, told, timedOut, slots } = pending(ann, bob, ann);
    expect(deadlines.expire(10)).toBe(0);
    expect(deadlines.expire(30)).toBe(2);
    expect(told).toEqual(Array(2).fill('SHARDTIMEOUT cart-0 did not answer within 1000ms'));
    expect(timedOut).toEqual([0, 1]);
    expect(slots.map(({ expired }) => expired)).toEqual([true, true, false]);
    expect(deadlines.expire(30)).toBe(0);
    expect([told.length, deadlines.expired]).toEqual([2, 2]);
  });

  it('say of a write that it may have been carried out', () => {
    const { deadlines, told, slots } = pending(ann);
    (slots[0] as Slot).write = true;
    deadlines.expire(100);
    expect(told).toEqual(['SHARDTIMEOUT cart-0 did not answer within 1000ms; the command may have been carried out']);
    expect(unsure(takeSlot())).toBe('');
  });

  it('spare the client that asked for something large', () => {
    const { deadlines, told, slots } = pending(ann, bob, ann);
    deadlines.expireOthers(100, ann);
    expect(slots.map(({ expired }) => expired)).toEqual([false, true, false]);
    expect(told).toHaveLength(1);
  });

  it('do not come for what is buried already, and count each tombstone once', () => {
    const { deadlines, told, slots } = pending(ann);
    deadlines.bury(slots[0] as Slot);
    deadlines.bury(slots[0] as Slot);
    expect(deadlines.expired).toBe(1);
    expect(deadlines.expire(100)).toBe(0);
    expect(told).toEqual([]);
  });

  it('begin anew', () => {
    const { deadlines } = pending(ann, bob);
    deadlines.restart(500);
    expect(deadlines.expire(500)).toBe(0);
    expect(deadlines.expire(501)).toBe(2);
  });
});
