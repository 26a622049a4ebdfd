import type { Pod, StatefulSet } from '../kinds.ts';
import { podName, shardName } from '../names.ts';
import { isSuspended } from '../spec.ts';
import { isServing, podProblem } from '../world/pod-problem.ts';
import type { ShardState } from '../world/shard-state.ts';
import type { World } from '../world/world.ts';
import { liveOf, partitionOf } from './live.ts';
import { planReplicas, type Replica, type SeveralShard } from './replica-rollout.ts';
import { planRollout, type RolloutPlan, type RolloutShard } from './rollout.ts';
import { RETURN_MS } from './settling.ts';
import { templateDifference } from './template-difference.ts';

export interface Turns {
  readonly rollout: RolloutPlan;
  /** Partitions that are not 0, by index. */
  readonly partitions: ReadonlyMap<number, number>;
  readonly again: number | undefined;
}

/**
 * Which StatefulSets may be brought to what is wanted now: shards of several replicas one replica at a time, then shards of one replica one
 * after another.
 */
export function planTurns(
  world: World,
  shards: readonly ShardState[],
  wanted: ReadonlyMap<number, StatefulSet>,
): Turns {
  const several = new Map(shards.flatMap((shard) => severalOf(world, shard, wanted.get(shard.index)) ?? []));
  const replicas = planReplicas([...several.values()].map(({ shard }) => shard));
  const busy = new Set([...replicas.waiting, ...replicas.rolling]);
  const forms = shards.map((shard) =>
    several.has(shard.index)
      ? besideOthers(shard, busy.has(shard.index))
      : rolloutShard(world, shard, wanted.get(shard.index)),
  );
  const single = planRollout(forms);
  const apply = [...single.apply.filter((index) => !several.has(index)), ...replicas.partitions.keys()];
  const outdated = [...several.values()].filter(({ shard }) => shard.outdated).map(({ shard }) => shard.index);
  const sorted = (...lists: (readonly number[])[]) => [...new Set(lists.flat())].toSorted((a, b) => a - b);
  const times = [...several.values()].flatMap(({ again }) => again ?? []);
  return {
    rollout: {
      apply: sorted(apply),
      waiting: sorted(single.waiting, replicas.waiting),
      outdated: sorted(single.outdated, outdated),
      rolling: several.has(single.rolling ?? -1) ? undefined : single.rolling,
      rollingReplicas: replicas.rolling,
      blockedBy: sorted(single.blockedBy, replicas.broken),
    },
    partitions: replicas.partitions,
    again: times.length === 0 ? undefined : Math.min(...times),
  };
}

/** What a shard of several replicas is to the shards of one: it holds them up until it is through, for a replica costs less than a shard. */
function besideOthers({ index, ready }: ShardState, busy: boolean): RolloutShard {
  return { index, form: 'Current', settled: ready && !busy, stuck: false };
}

function rolloutShard(world: World, shard: ShardState, wanted: StatefulSet | undefined): RolloutShard {
  const { index } = shard;
  const settled = shard.rolled && shard.complete;
  const stuck = shard.problem !== undefined;
  const set = world.statefulSets.get(index);
  if (set?.metadata.deletionTimestamp !== undefined) return { index, form: 'Leaving', settled: false, stuck };
  const live = liveOf(world, index);
  if (live === undefined) return { index, form: 'Missing', settled: false, stuck };
  if (isSuspended(world.resource) || shard.stopped) return { index, form: 'Stopped', settled, stuck };
  // A partition that is left over from when it had several replicas keeps its pod at the former template.
  const kept = partitionOf(live) > 0 && shard.updating;
  const outdated = kept || (wanted !== undefined && templateDifference(wanted, live) !== undefined);
  return { index, form: outdated ? 'Outdated' : 'Current', updating: shard.updating, settled, stuck };
}

interface Several {
  readonly shard: SeveralShard;
  readonly again: number | undefined;
}

/** The shard as one of several replicas; undefined: it has one, or none that runs. */
function severalOf(
  world: World,
  { index, stopped }: ShardState,
  wanted: StatefulSet | undefined,
): [number, Several][] | undefined {
  const live = liveOf(world, index);
  const count = live?.spec.replicas ?? 1;
  if (live === undefined || wanted === undefined || stopped || isSuspended(world.resource) || count < 2)
    return undefined;
  const pods = Array.from({ length: count }, (_, ordinal) => podOf(world, index, ordinal));
  const known = addressesOf(world, index);
  const seen = (live.status?.observedGeneration ?? 0) >= (live.metadata.generation ?? 0);
  const replicas = pods.map((pod) => replicaOf(world, pod, live, known));
  const shard = {
    index,
    outdated: templateDifference(wanted, live) !== undefined,
    seen,
    rolled: live.status?.currentRevision === live.status?.updateRevision,
    partition: partitionOf(live),
    replicas,
  };
  const rolls = shard.outdated || replicas.some(({ updated }) => !updated);
  const waits = pods.filter((pod, i) => pod !== undefined && replicas[i]?.ready && !replicas[i]?.settled);
  const due = waits.map((pod) => Math.max(readySince(pod as Pod) + RETURN_MS - world.now, 1));
  return [[index, { shard, again: rolls && due.length > 0 ? Math.min(...due) : undefined }]];
}

function podOf({ resource, shardPods }: World, index: number, ordinal: number): Pod | undefined {
  return shardPods.get(podName(resource.metadata.name, index, ordinal));
}

/** The addresses of a shard that are published; undefined: the shard has no keys yet, so that nobody has to know any. */
function addressesOf({ resource, topology }: World, index: number): ReadonlySet<string | undefined> | undefined {
  const name = shardName(resource.metadata.name, index);
  const shard = topology?.shards.find((one) => one.name === name);
  return shard && new Set(shard.endpoints.map(({ ip }) => ip));
}

function replicaOf(
  { now, warning }: World,
  pod: Pod | undefined,
  { status }: StatefulSet,
  known: ReadonlySet<string | undefined> | undefined,
): Replica {
  // Where no roll-out is under way the pod that is made next has the only template there is.
  const rolled = status?.currentRevision === status?.updateRevision;
  if (pod === undefined) return { updated: rolled, ready: false, settled: false, stuck: false };
  const revision = pod.metadata.labels?.['controller-revision-hash'];
  const ready = isServing(pod);
  const published = known === undefined || known.has(pod.status?.podIP);
  return {
    updated: revision !== undefined && revision === status?.updateRevision,
    ready,
    settled: ready && published && now - readySince(pod) >= RETURN_MS,
    stuck: !ready && podProblem(pod, now, warning) !== undefined,
  };
}

function readySince({ status, metadata }: Pod): number {
  const { lastTransitionTime } = status?.conditions?.find(({ type }) => type === 'Ready') ?? {};
  return Date.parse(lastTransitionTime ?? metadata.creationTimestamp ?? '') || 0;
}
