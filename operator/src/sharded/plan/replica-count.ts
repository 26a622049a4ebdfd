import { ordinalOf, shardName } from '../names.ts';
import { isAutoscaled, statedReplicas } from '../replicas.ts';
import { isSuspended } from '../spec.ts';
import type { World } from '../world/world.ts';
import { goesIn, shrinkNote } from './settling.ts';

/** What to write into a StatefulSet's `replicas`. */
export interface ReplicaCount {
  /** Undefined: left alone, it is an autoscaler's. */
  readonly replicas: number | undefined;
  /** After how many ms to come again, where replicas wait to go. */
  readonly again: number | undefined;
}

/** Pods of a shard whose StatefulSet is made anew around them: it must not begin by taking some away. */
function runningPods({ resource, shardPods }: World, index: number): number {
  const shard = shardName(resource.metadata.name, index);
  const ordinals = [...shardPods.values()]
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap(({ metadata }) => ordinalOf(metadata.name, shard) ?? []);
  return Math.max(0, ...ordinals.map((ordinal) => ordinal + 1));
}

/**
 * How many replicas a StatefulSet is given now. Fewer only once the topology without them has reached everyone: they serve until then.
 * Where an autoscaler decides we say nothing, but for the beginning: it leaves alone what is at zero.
 * @param live what the StatefulSet says; undefined: there is none
 */
export function replicaCount(world: World, index: number, live: number | undefined): ReplicaCount {
  const { resource } = world;
  if (isSuspended(resource)) return { replicas: 0, again: undefined };
  const stated = statedReplicas(resource, index);
  if (isAutoscaled(resource, index)) {
    return { replicas: live ? undefined : Math.max(stated, runningPods(world, index)), again: undefined };
  }
  if (live === undefined || live <= stated) return { replicas: stated, again: undefined };
  const wait = goesIn(world, shrinkNote(resource.metadata.name, index, stated));
  return wait === 0 ? { replicas: stated, again: undefined } : { replicas: live, again: wait };
}
