import type { Pod, StatefulSet } from '../kinds.ts';
import { shardName } from '../names.ts';
import { wantedReplicas } from '../spec.ts';
import { isReady, type PodProblem, podProblem } from './pod-problem.ts';
import type { World } from './world.ts';

/** How one shard is. */
export interface ShardState {
  readonly index: number;
  readonly name: string;
  /** Its StatefulSet has been made and is not going away. */
  readonly exists: boolean;
  /** Nothing runs by the StatefulSet's own wish. */
  readonly stopped: boolean;
  /** Pods are on their way from one template to the next; a pod that merely restarts is not. */
  readonly updating: boolean;
  /** All its pods come from the newest template that its StatefulSet knows. */
  readonly rolled: boolean;
  /** All its pods are ready. */
  readonly ready: boolean;
  /** Since when it is not ready (ms since the epoch), where that is known. */
  readonly unreadySince: number | undefined;
  readonly problem: PodProblem | undefined;
}

/** The state of the shard of this index. */
export function shardState(world: World, index: number): ShardState {
  const name = shardName(world.resource.metadata.name, index);
  const set = world.statefulSets.get(index);
  const wanted = wantedReplicas(world.resource, 'shard');
  const pods = podsOf(world, name, Math.max(wanted, 1));
  const ready = pods.length > 0 && pods.length >= wanted && pods.every(isReady);
  return {
    index,
    name,
    exists: set !== undefined && set.metadata.deletionTimestamp === undefined,
    updating: set !== undefined && isUpdating(set),
    stopped: set?.spec.replicas === 0,
    rolled: set !== undefined && isRolled(set),
    ready,
    unreadySince: ready ? undefined : unreadySince(pods),
    problem: ready ? undefined : problemOf(world, pods, set),
  };
}

function podsOf(world: World, shard: string, count: number): Pod[] {
  return Array.from({ length: count }, (_, ordinal) => world.shardPods.get(`${shard}-${ordinal}`)).filter(
    (pod) => pod !== undefined,
  );
}

/** The StatefulSet controller has seen the newest specification and all pods follow it. */
export function isRolled(set: StatefulSet): boolean {
  const { status } = set;
  if (status === undefined || (status.observedGeneration ?? 0) < (set.metadata.generation ?? 0)) return false;
  const replicas = set.spec.replicas ?? 1;
  return (
    status.currentRevision === status.updateRevision &&
    (status.updatedReplicas ?? 0) >= replicas &&
    (status.readyReplicas ?? 0) >= replicas
  );
}

/** A StatefulSet that its controller has never seen is being created, not updated. */
function isUpdating({ metadata, status }: StatefulSet): boolean {
  if (status?.observedGeneration === undefined) return false;
  return status.observedGeneration < (metadata.generation ?? 0) || status.currentRevision !== status.updateRevision;
}

function unreadySince(pods: readonly Pod[]): number | undefined {
  const times = pods
    .filter((pod) => !isReady(pod))
    .map((pod) => pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime)
    .map((text, i) => Date.parse(text ?? pods[i]?.metadata.creationTimestamp ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** A shard without a pod is told by its StatefulSet's events (admission refused the pod, a quota is full). */
function problemOf(world: World, pods: readonly Pod[], set: StatefulSet | undefined): PodProblem | undefined {
  for (const pod of pods) {
    const problem = podProblem(pod, world.now, world.warning);
    if (problem !== undefined) return problem;
  }
  return pods.length === 0 && set !== undefined ? world.warning(set.metadata.uid ?? '') : undefined;
}
