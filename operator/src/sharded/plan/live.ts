import type { StatefulSet } from '../kinds.ts';
import { serviceLabels } from '../names.ts';
import { isOrphan, isOurs, type World } from '../world/world.ts';

/** The StatefulSet of a shard; one that is going away, or is somebody else's, is none. */
export function liveOf(world: World, index: number): StatefulSet | undefined {
  const set = world.statefulSets.get(index);
  if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
  if (isOurs(world.resource, set)) return set;
  const labels = Object.entries(serviceLabels(world.resource.metadata.name));
  return isOrphan(set) && labels.every(([key, value]) => set.metadata.labels?.[key] === value) ? set : undefined;
}

export function partitionOf(set: StatefulSet | undefined): number {
  return set?.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
}
