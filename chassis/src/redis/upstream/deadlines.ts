import type { Ring } from '../../io/ring.ts';
import type { Shard } from './shard.ts';
import type { Slot } from './slot.ts';

/**
 * The time-outs of one connection's commands. A command that waited too long is answered with an error; its slot stays as a
 * tombstone, so that the reply that may still come is dropped and the ones behind it find their commands.
 */
export class Deadlines {
  readonly #ring: Ring<Slot>;
  readonly #shard: Shard;
  /** Tombstones in the ring. */
  expired = 0;

  constructor(ring: Ring<Slot>, shard: Shard) {
    this.#ring = ring;
    this.#shard = shard;
  }

  /** Gives up what was issued before `limit`. @returns how many commands */
  expire(limit: number): number {
    return this.#giveUp(limit, null);
  }

  /** The same, but for the commands of `owner`: whoever asked for something large waits as long as it takes. */
  expireOthers(limit: number, owner: object | null): void {
    this.#giveUp(limit, owner);
  }

  /** Makes a tombstone of a command that has been answered otherwise. */
  bury(slot: Slot): void {
    if (slot.expired) return;
    slot.expired = true;
    this.expired++;
  }

  /** Begins all time-outs anew. */
  restart(now: number): void {
    for (let i = 0; i < this.#ring.length; i++) (this.#ring.at(i) as Slot).issued = now;
  }

  #giveUp(limit: number, spared: object | null): number {
    let count = 0;
    for (let i = 0; i < this.#ring.length; i++) {
      const slot = this.#ring.at(i) as Slot;
      if (slot.issued >= limit) break;
      if (slot.expired || (spared !== null && slot.sink?.owner === spared)) continue;
      this.bury(slot);
      this.#tell(slot);
      count++;
    }
    return count;
  }

  #tell(slot: Slot): void {
    const { name, options, stats } = this.#shard;
    stats.timedOut(slot.group);
    slot.sink?.onFailure(slot, `SHARDTIMEOUT ${name} did not answer within ${options.timeoutMs}ms${unsure(slot)}`);
  }
}

/** What the error of an unanswered command adds when it may have changed data. */
export function unsure(slot: Slot): string {
  return slot.write ? '; the command may have been carried out' : '';
}
