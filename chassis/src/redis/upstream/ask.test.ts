import { describe, expect, it } from 'vitest';
import { request } from '../resp/encode.ts';
import { ask } from './ask.ts';
import type { Connection } from './connection.ts';
import type { Sink, Slot } from './slot.ts';

function asked() {
  const sent: string[] = [];
  const slots: Slot[] = [];
  const connection = {
    protocol: 3,
    shard: { runtime: { now: () => 77 } },
    outbox: { appended: 1234, text: (text: string) => sent.push(text) },
    issue: (slot: Slot, now: number) => {
      slot.issued = now;
      slots.push(slot);
    },
  } as unknown as Connection;
  const answers: [string | undefined, string][] = [];
  ask(connection, ['CONFIG', 'GET', 'x'], 5, (reply, error) => answers.push([reply?.toString(), error]));
  const slot = slots[0] as Slot;
  return { sent, slots, slot, sink: slot.sink as Sink, answers, connection };
}

describe('a question of the proxy’s own', () => {
  it('stands in the queue like a command of a client', () => {
    const { sent, slots, slot } = asked();
    expect(sent).toEqual([request(['CONFIG', 'GET', 'x'])]);
    expect(slots).toHaveLength(1);
    expect(slot).toMatchObject({ group: 5, protocol: 3, offset: 1234, issued: 77 });
  });

  it('is answered with bytes of its own, since those of the connection are used again', () => {
    const { slot, sink, answers } = asked();
    const buffer = Buffer.from('##+OK\r\n##');
    sink.onReply(slot, buffer, 2, 7, 43);
    buffer.fill('!');
    expect(answers).toEqual([['+OK\r\n', '']]);
  });

  it('may fail, and does not want a large answer', () => {
    const { slot, sink, answers, connection } = asked();
    sink.onFailure(slot, 'SHARDDOWN');
    expect(sink.onLarge(slot, connection)).toBe(false);
    expect(answers).toEqual([
      [undefined, 'SHARDDOWN'],
      [undefined, 'the answer is too large'],
    ]);
  });
});
