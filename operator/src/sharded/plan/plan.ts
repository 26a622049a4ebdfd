import { findHashNameCollision } from '@motif/api/hashing';
import { type StatefulSetFacts, shardStatefulSet, withPartition } from '../desired/statefulset.ts';
import type { Claim, StatefulSet } from '../kinds.ts';
import { ANNOTATION, CLAIM_NAME, claimName, LABEL } from '../names.ts';
import { allowsRemap, fingerprintOf, hashNameOf, shardCount } from '../spec.ts';
import { type ShardState, shardState } from '../world/shard-state.ts';
import { isOrphan, isOurs, type World } from '../world/world.ts';
import { liveOf } from './live.ts';
import { replicaCount } from './replica-count.ts';
import type { RolloutPlan } from './rollout.ts';
import { judgeSharding, type PlacementEvidence, type ShardingVerdict } from './sharding.ts';
import { planTurns } from './turns.ts';
import { isLess, planVolumes, type ShardVolume, type VolumesPlan } from './volumes.ts';

/** What is to be done about the shards. */
export interface ShardPlan {
  readonly fingerprint: string;
  readonly shards: readonly ShardState[];
  readonly collision: string | undefined;
  readonly sharding: ShardingVerdict;
  readonly volumes: VolumesPlan;
  readonly rollout: RolloutPlan;
  /** By index. */
  readonly wanted: ReadonlyMap<number, StatefulSet>;
  /** After how many ms something will be due that nothing tells of. */
  readonly again: number | undefined;
}

/**
 * Plans one pass over the shards.
 * @throws TemplateError
 */
export function planShards(world: World): ShardPlan {
  const { resource } = world;
  const indices = Array.from({ length: shardCount(resource) }, (_, index) => index);
  const fingerprint = fingerprintOf(resource);
  const shards = indices.map((index) => shardState(world, index));
  const volumes = planVolumes(indices.flatMap((index) => volumeOf(world, index)));
  const counts = indices.map((index) => replicaCount(world, index, liveOf(world, index)?.spec.replicas));
  const wanted = new Map(
    indices.map((index) => {
      const facts = factsOf(world, index, fingerprint, volumes);
      return [index, shardStatefulSet(resource, index, { ...facts, replicas: counts[index]?.replicas })];
    }),
  );
  const turns = planTurns(world, shards, wanted);
  for (const [index, set] of wanted) wanted.set(index, withPartition(set, turns.partitions.get(index) ?? 0));
  const times = [turns.again, ...counts.map(({ again }) => again)].filter((time) => time !== undefined);
  return {
    fingerprint,
    shards,
    collision: collisionOf(indices.map((index) => hashNameOf(resource, index))),
    sharding: judgeSharding(evidenceOf(world), fingerprint, allowsRemap(resource)),
    volumes,
    rollout: turns.rollout,
    wanted,
    again: times.length === 0 ? undefined : Math.min(...times),
  };
}

function collisionOf(hashNames: readonly string[]): string | undefined {
  const clash = findHashNameCollision(hashNames);
  if (clash === undefined) return undefined;
  const [first, second] = clash.names;
  return `hash names ${first} and ${second} have the same hash ${clash.hash}; give one of the shards another hash name`;
}

function claimTemplateOf(set: StatefulSet | undefined) {
  return set?.spec.volumeClaimTemplates?.find(({ metadata }) => metadata.name === CLAIM_NAME);
}

/** What cannot change stays as it is, until the StatefulSet is replaced. */
function factsOf(
  world: World,
  index: number,
  fingerprint: string,
  volumes: VolumesPlan,
): Omit<StatefulSetFacts, 'replicas'> {
  const { storage } = world.resource.spec;
  const live = claimTemplateOf(liveOf(world, index));
  const claim = storage && {
    size: live?.spec.resources?.requests?.storage ?? storage.size,
    fingerprint:
      live === undefined ? fingerprint : (live.metadata.annotations?.[ANNOTATION.fingerprint] ?? fingerprint),
  };
  return { fingerprint, claim, keepClaims: volumes.refused === undefined && volumes.pending.includes(index) };
}

function volumeOf(world: World, index: number): ShardVolume[] {
  const { resource, claims, storageClasses } = world;
  const { storage } = resource.spec;
  if (storage === undefined) return [];
  const set = liveOf(world, index);
  const list = claims.get(index) ?? [];
  const sizeOf = (claim: Claim | undefined) => claim?.spec.resources?.requests?.storage;
  // Of several the smallest: it tells whether any has to grow.
  const claim = list.toSorted((a, b) => (isLess(sizeOf(a) ?? '0', sizeOf(b) ?? '0') ? -1 : 0))[0];
  const storageClass = claim?.spec.storageClassName;
  const found = storageClass === undefined ? undefined : storageClasses.get(storageClass);
  return [
    {
      index,
      wanted: storage.size,
      claim: claim?.metadata.name ?? claimName(resource.metadata.name, index),
      claimed: sizeOf(claim),
      storageClass,
      expandable: found ? found.allowVolumeExpansion === true : undefined,
      template:
        set !== undefined && isOurs(resource, set)
          ? claimTemplateOf(set)?.spec.resources?.requests?.storage
          : undefined,
      claimTiedToSet: list.some(({ metadata }) =>
        metadata.ownerReferences?.some(({ uid }) => uid === set?.metadata.uid),
      ),
    },
  ];
}

function evidenceOf(world: World): PlacementEvidence[] {
  const { resource } = world;
  const evidence: PlacementEvidence[] = [];
  for (const [index, claims] of world.claims) {
    const owned = isOurs(resource, world.statefulSets.get(index));
    for (const { metadata } of claims) {
      const fingerprint = metadata.annotations?.[ANNOTATION.fingerprint];
      if (fingerprint !== undefined) evidence.push({ index, fingerprint, source: `claim ${metadata.name}`, owned });
    }
  }
  for (const [index, set] of world.statefulSets) {
    const fingerprint = set.metadata.annotations?.[ANNOTATION.fingerprint];
    if (fingerprint !== undefined && isOrphan(set) && set.metadata.labels?.[LABEL.service] === resource.metadata.name) {
      evidence.push({ index, fingerprint, source: `StatefulSet ${set.metadata.name}`, owned: false });
    }
  }
  return evidence;
}
