import type { Actor } from './actor.ts';
import type { EpochOf } from './epoch-hash.ts';
import { type EpochLookup, notifyPods, SECOND_ROUND_MS } from './notify.ts';

interface Told {
  readonly epoch: number;
  /** Monotonic time of the first round. */
  readonly at: number;
  readonly done: boolean;
}

/** Remembers which epochs the pods have been told of. Lost with the process: telling again changes nothing. */
export class Notifier {
  /** By uid of the resource. */
  readonly #told = new Map<string, Told>();

  /** Tells the pods what is due. @returns after how many ms to come again, if at all */
  async tell(actor: Actor, { uid, epoch }: EpochOf, lookup: EpochLookup): Promise<number | undefined> {
    const now = actor.tools.clock.monotonic();
    const before = this.#told.get(uid);
    if (before?.epoch !== epoch) {
      const pods = await notifyPods(actor, lookup, 'first');
      this.#told.set(uid, { epoch, at: now, done: false });
      actor.logger.info('Published the topology', { epoch, pods });
      return SECOND_ROUND_MS;
    }
    if (before.done) return undefined;
    const wait = before.at + SECOND_ROUND_MS - now;
    if (wait > 0) return wait;
    await notifyPods(actor, lookup, 'second');
    this.#told.set(uid, { ...before, done: true });
    return undefined;
  }
}
