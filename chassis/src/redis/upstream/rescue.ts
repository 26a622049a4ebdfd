import type { Ring } from '../../io/ring.ts';
import type { Connection } from './connection.ts';
import type { SentLog } from './sent-log.ts';
import { NOBODY, Slot } from './slot.ts';

/**
 * Moves commands of other clients that stand behind a large reply to another connection, so that they do not wait for a slow
 * reader: only reads, and only of clients all of whose commands here are reads, since a write must not be sent twice nor be
 * overtaken. Their places keep a tombstone for the replies that will come.
 * @param owner the client whose large reply it is
 * @param sent the end of what was sent, for the last command
 * @returns how many were moved
 */
export function rescueReads(
  from: Connection,
  ring: Ring<Slot>,
  log: SentLog,
  owner: object,
  sent: number,
  to: () => Connection | undefined,
): number {
  const stuck = stuckReaders(ring, owner);
  let target: Connection | undefined;
  let moved = 0;
  for (let i = 1; i < ring.length && stuck.size > 0; i++) {
    const slot = ring.at(i) as Slot;
    if (slot.expired || slot.sink === null || !stuck.has(slot.sink.owner)) continue;
    target ??= to();
    const end = ring.at(i + 1)?.offset ?? sent;
    const { offset } = slot;
    const at = target?.outbox.appended ?? 0;
    if (target === undefined || target === from || !log.copy(offset, end, target.outbox)) {
      // What follows of this client would overtake what stays.
      stuck.delete(slot.sink.owner);
      continue;
    }
    ring.replace(i, tombstone());
    slot.offset = at;
    if (slot.lane !== null) slot.lane.connection = target;
    slot.holders--;
    target.issue(slot, slot.issued);
    moved++;
  }
  return moved;
}

/** Clients other than `owner` that have nothing but reads here. */
function stuckReaders(ring: Ring<Slot>, owner: object): Set<object> {
  const readers = new Set<object>();
  const writers = new Set<object>([owner, NOBODY.owner]);
  for (let i = 1; i < ring.length; i++) {
    const slot = ring.at(i) as Slot;
    if (slot.expired || slot.sink === null) continue;
    if (slot.readonly) readers.add(slot.sink.owner);
    else writers.add(slot.sink.owner);
  }
  for (const writer of writers) readers.delete(writer);
  return readers;
}

function tombstone(): Slot {
  const slot = new Slot();
  slot.sink = NOBODY;
  slot.expired = true;
  slot.holders = 1;
  return slot;
}
