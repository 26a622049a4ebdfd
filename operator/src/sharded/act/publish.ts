import { type ShardedTopology, withEpoch } from '@motif/api/topology';
import { resources } from '@motif/kube';
import { topologyContent } from '../desired/topology.ts';
import { topologyConfigMap } from '../desired/topology-configmap.ts';
import type { ConfigMap } from '../kinds.ts';
import { ANNOTATION, shardName } from '../names.ts';
import type { ShardState } from '../world/shard-state.ts';
import type { World } from '../world/world.ts';
import type { Actor } from './actor.ts';

/** What the data plane has been told. */
export interface Published {
  readonly topology: ShardedTopology;
  /** Since when (ms since the epoch) it is this epoch. */
  readonly since: number;
  /** Shards that a change of the resource took out, and whose StatefulSets are still there. */
  readonly leaving: ReadonlySet<string>;
}

/** Writes the topology ConfigMap where its content changed. */
export async function publish(actor: Actor, world: World, shards: readonly ShardState[]): Promise<Published> {
  const published = nextTopology(world, shards);
  const { topology, since, leaving } = published;
  const desired = topologyConfigMap(world.resource, topology, rfc3339(since), [...leaving]);
  await actor.ensure<ConfigMap>(resources.configMaps, desired, world.topologyMap);
  return published;
}

/** Pure: the document, its epoch and what goes with it. */
export function nextTopology(world: World, shards: readonly ShardState[]): Published {
  const { resource, topology: previous, topologyMap } = world;
  const ready = new Set(shards.filter((shard) => shard.ready).map(({ index }) => index));
  const content = topologyContent(resource, { addresses: addressesOf(world), ready, previous });
  const topology = withEpoch(content, previous, resource.status?.epoch);
  const annotated = Date.parse(topologyMap?.metadata.annotations?.[ANNOTATION.epochSince] ?? '');
  const kept = previous?.epoch === topology.epoch && !Number.isNaN(annotated);
  return { topology, since: kept ? annotated : world.now, leaving: leavingShards(world, topology) };
}

function addressesOf({ shardPods }: World): Map<string, string> {
  const addresses = new Map<string, string>();
  for (const [name, { status, metadata }] of shardPods) {
    if (status?.podIP && metadata.deletionTimestamp === undefined) addresses.set(name, status.podIP);
  }
  return addresses;
}

function leavingShards(
  { resource, statefulSets, topology: previous, topologyMap }: World,
  next: ShardedTopology,
): Set<string> {
  const { name, uid } = resource.metadata;
  const members = new Set(next.shards.map((shard) => shard.name));
  const before = previous?.uid === uid ? previous.shards.map((shard) => shard.name) : [];
  const noted =
    previous?.uid === uid ? (topologyMap?.metadata.annotations?.[ANNOTATION.leaving]?.split(',') ?? []) : [];
  const there = new Set([...statefulSets.keys()].map((index) => shardName(name, index)));
  return new Set([...before, ...noted].filter((shard) => !members.has(shard) && there.has(shard)).toSorted());
}

const rfc3339 = (ms: number): string => new Date(ms).toISOString();
