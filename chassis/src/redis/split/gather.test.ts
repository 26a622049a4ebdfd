import { describe, expect, it } from 'vitest';
import type { Client } from '../downstream/client.ts';
import type { Connection } from '../upstream/connection.ts';
import { type Slot, takeSlot } from '../upstream/slot.ts';
import { Gather, MAX_GATHERED_BYTES, type Part } from './gather.ts';

function gather(shards: readonly string[]) {
  const answers: string[] = [];
  const client = { settle: (_slot: Slot, answer: Buffer) => answers.push(answer.toString('latin1')) };
  const slot = takeSlot();
  slot.protocol = 3;
  const seen: (readonly Part[])[] = [];
  const one = new Gather(client as unknown as Client, slot, shards, (parts) => {
    seen.push(parts);
    return Buffer.from(parts.map(({ shard, reply, error }) => `${shard}=${reply ?? error}`).join());
  });
  return { one, slot, answers, seen };
}

const reply = (one: Gather, slot: Slot, text: string): void => {
  const buffer = Buffer.from(`#${text}#`);
  one.onReply(slot, buffer, 1, 1 + text.length);
  buffer.fill('!');
};

describe('the parts of one answer', () => {
  it('are put together in the order in which they were asked for, once all are there', () => {
    const { one, slot, answers } = gather(['a', 'b', 'c']);
    const [first, second] = [one.slot(0), one.slot(1)];
    expect([first.protocol, first.part, second.part, slot.gather]).toEqual([3, 0, 1, one]);
    one.fail(2, 'down');
    reply(one, second, '+2');
    expect(answers).toEqual([]);
    reply(one, first, '+1');
    expect(answers).toEqual(['a=+1,b=+2,c=down']);
  });

  it('are nobody’s when the client is gone', () => {
    const { one, answers, seen } = gather(['a']);
    one.abandon();
    reply(one, one.slot(0), '+1');
    expect([answers, seen]).toEqual([[], []]);
  });

  it('are kept in pieces when they are large', () => {
    const { one, answers } = gather(['a', 'b']);
    let streams = 0;
    const connection = { stream: () => streams++ } as unknown as Connection;
    const slot = one.slot(0);
    expect(one.onLarge(slot, connection)).toBe(true);
    expect(streams).toBe(1);
    one.onPart(slot, Buffer.from('one'), 0, 3, false);
    reply(one, one.slot(1), '+2');
    expect(answers).toEqual([]);
    one.onPart(slot, Buffer.from('#two#'), 1, 4, true);
    expect(answers).toEqual(['a=onetwo,b=+2']);
  });

  it('end with an error when the connection breaks in the middle of a large one', () => {
    const { one, answers } = gather(['a']);
    const slot = one.slot(0);
    one.onLarge(slot, { stream: () => {} } as unknown as Connection);
    one.onPart(slot, Buffer.from('one'), 0, 3, false);
    one.onFailure(slot, 'lost');
    expect(answers).toEqual(['a=lost']);
  });

  it('are refused above 32 MiB, and what follows is dropped', () => {
    const { one, answers, seen } = gather(['a', 'b']);
    const slot = one.slot(0);
    one.onLarge(slot, { stream: () => {} } as unknown as Connection);
    const piece = Buffer.alloc(MAX_GATHERED_BYTES / 2);
    one.onPart(slot, piece, 0, piece.length, false);
    one.onPart(slot, piece, 0, piece.length, false);
    expect(answers).toEqual([]);
    one.onPart(slot, piece, 0, 1, false);
    expect(answers).toEqual([
      `-ERR the answer put together from several shards would exceed ${MAX_GATHERED_BYTES} bytes\r\n`,
    ]);
    one.onPart(slot, piece, 0, piece.length, true);
    reply(one, one.slot(1), '+2');
    expect([answers.length, seen.length]).toEqual([1, 0]);
  });

  it('let go of their lanes however they end', () => {
    const { one } = gather(['a', 'b']);
    const slots = [one.slot(0), one.slot(1)] as const;
    const lane = { connection: null, outstanding: 2, stale: false };
    for (const slot of slots) slot.lane = lane;
    reply(one, slots[0], '+1');
    one.onFailure(slots[1], 'lost');
    expect(lane.outstanding).toBe(0);
  });
});
