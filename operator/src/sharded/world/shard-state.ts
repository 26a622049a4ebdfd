import type { Pod, StatefulSet } from '../kinds.ts';
import { podName, shardName } from '../names.ts';
import { wantedReplicas } from '../replicas.ts';
import { isServing, type PodProblem, podProblem } from './pod-problem.ts';
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
  /** How many replicas are wanted now. */
  readonly replicas: number;
  readonly readyReplicas: number;
  /** It serves: one of its replicas at least is ready. */
  readonly ready: boolean;
  /** All its replicas are ready. */
  readonly complete: boolean;
  /** Since when it is not complete (ms since the epoch), where that is known. */
  readonly unreadySince: number | undefined;
  readonly problem: PodProblem | undefined;
}

/** The state of the shard of this index. */
export function shardState(world: World, index: number): ShardState {
  const { resource } = world;
  const name = shardName(resource.metadata.name, index);
  const set = world.statefulSets.get(index);
  const wanted = wantedReplicas(resource, index, set?.spec.replicas);
  const pods = podsOf(world, index, Math.max(wanted, 1));
  const readyReplicas = pods.filter(isServing).length;
  const complete = readyReplicas > 0 && readyReplicas >= wanted;
  return {
    index,
    name,
    exists: set !== undefined && set.metadata.deletionTimestamp === undefined,
    updating: set !== undefined && isUpdating(set),
    stopped: set?.spec.replicas === 0,
    rolled: set !== undefined && isRolled(set),
    replicas: wanted,
    readyReplicas,
    ready: readyReplicas > 0,
    complete,
    unreadySince: complete ? undefined : unreadySince(pods),
    problem: complete ? undefined : problemOf(world, pods, Math.max(wanted, 1), set),
  };
}

function podsOf({ resource, shardPods }: World, index: number, count: number): Pod[] {
  return Array.from({ length: count }, (_, ordinal) =>
    shardPods.get(podName(resource.metadata.name, index, ordinal)),
  ).filter((pod) => pod !== undefined);
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
    .filter((pod) => !isServing(pod))
    .map((pod) => {
      if (pod.metadata.deletionTimestamp !== undefined) return Date.parse(pod.metadata.deletionTimestamp);
      const { lastTransitionTime } = pod.status?.conditions?.find(({ type }) => type === 'Ready') ?? {};
      return Date.parse(lastTransitionTime ?? pod.metadata.creationTimestamp ?? '');
    })
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** A shard that lacks a pod is told by its StatefulSet's events (admission refused the pod, a quota is full). */
function problemOf(
  world: World,
  pods: readonly Pod[],
  wanted: number,
  set: StatefulSet | undefined,
): PodProblem | undefined {
  for (const pod of pods) {
    const problem = podProblem(pod, world.now, world.warning);
    if (problem !== undefined) return problem;
  }
  return pods.length < wanted && set !== undefined ? world.warning(set.metadata.uid ?? '') : undefined;
}
