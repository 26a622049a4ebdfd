import { beforeEach, describe, expect, it } from 'vitest';
import { Outbox } from '../../io/outbox.ts';
import { Ring } from '../../io/ring.ts';
import { Turns } from '../../io/testing/turns.ts';
import type { Wire } from '../../io/wire.ts';
import type { Connection } from './connection.ts';
import { Lane } from './lane.ts';
import { rescueReads } from './rescue.ts';
import { SentLog } from './sent-log.ts';
import { NOBODY, type Sink, type Slot, takeSlot } from './slot.ts';

/** As much of a connection as commands are moved to. */
class Target {
  readonly turns = new Turns();
  readonly written: Buffer[] = [];
  readonly issued: Slot[] = [];
  readonly outbox = new Outbox(this.turns.flusher, {
    write: (bytes: Buffer) => this.written.push(Buffer.from(bytes)) > 0,
  } as unknown as Wire);

  issue(slot: Slot): void {
    slot.holders++;
    this.issued.push(slot);
  }

  get text(): string {
    this.turns.end();
    return Buffer.concat(this.written).toString('latin1');
  }
}

const from = new Target() as unknown as Connection;
const [reader, ann, bob] = [{ name: 'reader' }, { name: 'ann' }, { name: 'bob' }];
let ring: Ring<Slot>;
let log: SentLog;
let sent: number;
let target: Target;

beforeEach(() => {
  ring = new Ring();
  log = new SentLog();
  sent = 0;
  target = new Target();
});

/** A command that was sent and waits. */
function waiting(owner: object, bytes: string, readonly = true): Slot {
  const slot = takeSlot();
  slot.sink = { owner } as Sink;
  slot.lane = new Lane();
  slot.readonly = readonly;
  slot.offset = sent;
  slot.holders = 2;
  ring.push(slot);
  log.push(Buffer.from(bytes), bytes.length, 0);
  sent += bytes.length;
  return slot;
}

const rescue = (to: () => Connection | undefined = () => target as unknown as Connection): number =>
  rescueReads(from, ring, log, reader, sent, to);

describe('commands behind a large reply', () => {
  it('of others are sent again elsewhere, in order, when they are reads', () => {
    waiting(reader, '[large]');
    const a = waiting(ann, '[ann 1]');
    waiting(reader, '[more]');
    const b = waiting(bob, '[bob]');
    const c = waiting(ann, '[ann 2]');
    expect(rescue()).toBe(3);
    expect(target.text).toBe('[ann 1][bob][ann 2]');
    expect(target.issued).toEqual([a, b, c]);
    expect([a.offset, b.offset, c.offset]).toEqual([0, 7, 12]);
    expect(a.lane?.connection).toBe(target);
    expect(a.holders).toBe(2);
  });

  it('leave tombstones, which drop the replies that still come', () => {
    waiting(reader, '[large]');
    const moved = waiting(ann, '[ann]');
    rescue();
    expect(ring.length).toBe(2);
    expect(ring.at(1)).not.toBe(moved);
    expect(ring.at(1)).toMatchObject({ expired: true, sink: NOBODY, holders: 1 });
  });

  it('stay when their client also writes here: nothing is sent twice or overtakes a write', () => {
    waiting(reader, '[large]');
    const read = waiting(ann, '[read]');
    const write = waiting(ann, '[write]', false);
    waiting(bob, '[bob]');
    expect(rescue()).toBe(1);
    expect(target.text).toBe('[bob]');
    expect([ring.at(1), ring.at(2)]).toEqual([read, write]);
  });

  it('stay when their bytes are not known any more, and what follows of the same client stays with them', () => {
    waiting(reader, '[large]');
    const old = waiting(ann, '[ann 1]');
    waiting(reader, 'x'.repeat(2 * 1024 * 1024));
    const late = waiting(ann, '[ann 2]');
    waiting(bob, '[bob]');
    expect(rescue()).toBe(1);
    expect(target.text).toBe('[bob]');
    expect([ring.at(1), ring.at(3)]).toEqual([old, late]);
  });

  it('stay when there is nowhere to go', () => {
    waiting(reader, '[large]');
    waiting(ann, '[ann]');
    expect(rescue(() => undefined)).toBe(0);
    expect(rescue(() => from)).toBe(0);
    expect(ring.at(1)?.expired).toBe(false);
  });

  it('asks for another connection only when there is something to move', () => {
    waiting(reader, '[large]');
    waiting(reader, '[own]');
    const gone = waiting(ann, '[timed out]');
    gone.expired = true;
    waiting(NOBODY.owner, '[nobody]');
    let asked = 0;
    const to = (): undefined => {
      asked++;
      return undefined;
    };
    expect([rescue(to), asked]).toEqual([0, 0]);
  });
});
