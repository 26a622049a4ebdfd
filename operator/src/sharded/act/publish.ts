import { type ShardedTopology, withEpoch } from '@motif/api/topology';
import { resources } from '@motif/kube';
import { topologyContent } from '../desired/topology.ts';
import { topologyConfigMap } from '../desired/topology-configmap.ts';
import type { ConfigMap } from '../kinds.ts';
import { ANNOTATION, shardName } from '../names.ts';
import { notedLeaving, shrinking } from '../plan/settling.ts';
import { isAutoscaled } from '../replicas.ts';
import { isServing } from '../world/pod-problem.ts';
import type { ShardState } from '../world/shard-state.ts';
import type { World } from '../world/world.ts';
import type { Actor } from './actor.ts';

/** What the data plane has been told. */
export interface Published {
  readonly topology: ShardedTopology;
  /** Since when (ms since the epoch) it is this epoch. */
  readonly since: number;
  /** Shards that a change of the resource took out and that are still there, and notes of shards that get fewer replicas. */
  readonly leaving: ReadonlySet<string>;
  /** Since when (ms since the epoch) it is without the last of them. */
  readonly leavingSince: number;
}

/** Writes the topology ConfigMap where its content changed. */
export async function publish(actor: Actor, world: World, shards: readonly ShardState[]): Promise<Published> {
  const published = nextTopology(world, shards);
  const { topology, since, leaving, leavingSince } = published;
  const notes = { since: rfc3339(since), leaving: [...leaving], leavingSince: rfc3339(leavingSince) };
  const desired = topologyConfigMap(world.resource, topology, notes);
  await actor.ensure<ConfigMap>(resources.configMaps, desired, world.topologyMap);
  return published;
}

/** Pure: the document, its epoch and what goes with it. */
export function nextTopology(world: World, shards: readonly ShardState[]): Published {
  const { resource, topology: previous, topologyMap } = world;
  const ready = new Set(shards.filter((shard) => shard.complete).map(({ index }) => index));
  const content = topologyContent(resource, { ...podsOf(world), scaled: scaledOf(world), ready, previous });
  const topology = withEpoch(content, previous, resource.status?.epoch);
  const annotated = Date.parse(topologyMap?.metadata.annotations?.[ANNOTATION.epochSince] ?? '');
  const kept = previous?.epoch === topology.epoch && !Number.isNaN(annotated);
  const since = kept ? annotated : world.now;
  const noted = notedLeaving(world);
  const leaving = new Set([...leavingShards(world, topology, noted.names), ...shrinking(world)]);
  const known = [...leaving].every((name) => noted.names.has(name));
  const leavingSince = leaving.size === 0 ? since : known && noted.since !== undefined ? noted.since : world.now;
  return { topology, since, leaving, leavingSince };
}

function podsOf({ shardPods }: World): { addresses: Map<string, string>; serving: Set<string> } {
  const addresses = new Map<string, string>();
  const serving = new Set<string>();
  for (const [name, pod] of shardPods) {
    if (!pod.status?.podIP || pod.metadata.deletionTimestamp !== undefined) continue;
    addresses.set(name, pod.status.podIP);
    if (isServing(pod)) serving.add(name);
  }
  return { addresses, serving };
}

/** How many replicas autoscalers gave the shards; where a StatefulSet is not to be seen, as many as were published. */
function scaledOf({ resource, statefulSets, topology }: World): Map<number, number> {
  const scaled = new Map<number, number>();
  for (let index = 0; index < (resource.spec.shards ?? 0); index++) {
    if (!isAutoscaled(resource, index)) continue;
    const name = shardName(resource.metadata.name, index);
    const published = topology?.shards.find((shard) => shard.name === name)?.endpoints.length;
    const count = statefulSets.get(index)?.spec.replicas ?? published;
    if (count !== undefined && count > 0) scaled.set(index, count);
  }
  return scaled;
}

function leavingShards(
  { resource, statefulSets, topology: previous }: World,
  next: ShardedTopology,
  noted: ReadonlySet<string>,
): string[] {
  const { name, uid } = resource.metadata;
  const members = new Set(next.shards.map((shard) => shard.name));
  const before = previous?.uid === uid ? previous.shards.map((shard) => shard.name) : [];
  const there = new Set([...statefulSets.keys()].map((index) => shardName(name, index)));
  return [...new Set([...before, ...noted])].filter((shard) => !members.has(shard) && there.has(shard)).toSorted();
}

const rfc3339 = (ms: number): string => new Date(ms).toISOString();
