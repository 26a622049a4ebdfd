import { serializeTopology } from './document.ts';
import type { Topology } from './schema.ts';

/** A topology whose epoch is still to be found. */
export type TopologyContent = WithoutEpoch<Topology>;

/** Of each member of a union by itself, so that `protocol` still tells which one it is. */
type WithoutEpoch<T> = T extends unknown ? Omit<T, 'epoch'> : never;

/** Whether two topologies differ in nothing but the epoch. */
export function sameContent(a: TopologyContent, b: TopologyContent): boolean {
  return serializeTopology({ ...a, epoch: 1 }) === serializeTopology({ ...b, epoch: 1 });
}

/**
 * The document to publish: the epoch grows by one when the content changed, and only then.
 * @param previous what was published last, if it can still be read
 * @param lastEpoch the epoch that the resource's status remembers: where `previous` is lost, readers that hold it must not be
 *   offered a lower one. Zero for a resource that never published.
 */
export function withEpoch(content: TopologyContent, previous: Topology | undefined, lastEpoch = 0): Topology {
  if (previous === undefined || previous.uid !== content.uid) return { ...content, epoch: lastEpoch + 1 };
  if (sameContent(content, previous) && previous.epoch >= lastEpoch) return { ...content, epoch: previous.epoch };
  return { ...content, epoch: Math.max(previous.epoch, lastEpoch) + 1 };
}

/** Whether `offered` is older than what a reader holds, and so refused: the same resource with a lower epoch. */
export function isOlder(offered: Topology, held: Topology): boolean {
  return offered.uid === held.uid && offered.epoch < held.epoch;
}
