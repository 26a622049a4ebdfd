import { findHashNameCollision } from '@motif/api/hashing';
import { type StatefulSetFacts, shardStatefulSet } from '../desired/statefulset.ts';
import type { StatefulSet } from '../kinds.ts';
import { ANNOTATION, CLAIM_NAME, claimName, LABEL, serviceLabels } from '../names.ts';
import { allowsRemap, fingerprintOf, isSuspended, shardCount } from '../spec.ts';
import { type ShardState, shardState } from '../world/shard-state.ts';
import { isOrphan, isOurs, type World } from '../world/world.ts';
import { planRollout, type RolloutPlan, type RolloutShard } from './rollout.ts';
import { judgeSharding, type PlacementEvidence, type ShardingVerdict } from './sharding.ts';
import { templateDifference } from './template-difference.ts';
import { planVolumes, type ShardVolume, type VolumesPlan } from './volumes.ts';

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
  const wanted = new Map(
    indices.map((index) => [index, shardStatefulSet(resource, index, factsOf(world, index, fingerprint, volumes))]),
  );
  const forms = shards.map((shard) => rolloutShard(world, shard, wanted.get(shard.index)));
  return {
    fingerprint,
    shards,
    collision: collisionOf(shards.map(({ name }) => name)),
    sharding: judgeSharding(evidenceOf(world), fingerprint, allowsRemap(resource)),
    volumes,
    rollout: planRollout(forms),
    wanted,
  };
}

function collisionOf(hashNames: readonly string[]): string | undefined {
  const clash = findHashNameCollision(hashNames);
  if (clash === undefined) return undefined;
  const [first, second] = clash.names;
  return `hash names ${first} and ${second} have the same hash ${clash.hash}; give one of the shards another hash name`;
}

/** A StatefulSet that is going away, or is somebody else's, is none. */
function liveOf(world: World, index: number): StatefulSet | undefined {
  const set = world.statefulSets.get(index);
  if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
  if (isOurs(world.resource, set)) return set;
  const labels = Object.entries(serviceLabels(world.resource.metadata.name));
  return isOrphan(set) && labels.every(([key, value]) => set.metadata.labels?.[key] === value) ? set : undefined;
}

function claimTemplateOf(set: StatefulSet | undefined) {
  return set?.spec.volumeClaimTemplates?.find(({ metadata }) => metadata.name === CLAIM_NAME);
}

/** What cannot change stays as it is, until the StatefulSet is replaced. */
function factsOf(world: World, index: number, fingerprint: string, volumes: VolumesPlan): StatefulSetFacts {
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
  const claim = claims.get(index);
  const storageClass = claim?.spec.storageClassName;
  const found = storageClass === undefined ? undefined : storageClasses.get(storageClass);
  return [
    {
      index,
      wanted: storage.size,
      claim: claimName(resource.metadata.name, index),
      claimed: claim?.spec.resources?.requests?.storage,
      storageClass,
      expandable: found ? found.allowVolumeExpansion === true : undefined,
      template:
        set !== undefined && isOurs(resource, set)
          ? claimTemplateOf(set)?.spec.resources?.requests?.storage
          : undefined,
      claimTiedToSet: claim?.metadata.ownerReferences?.some(({ uid }) => uid === set?.metadata.uid) ?? false,
    },
  ];
}

function evidenceOf(world: World): PlacementEvidence[] {
  const { resource } = world;
  const evidence: PlacementEvidence[] = [];
  for (const [index, claim] of world.claims) {
    const fingerprint = claim.metadata.annotations?.[ANNOTATION.fingerprint];
    const owned = isOurs(resource, world.statefulSets.get(index));
    if (fingerprint !== undefined) {
      evidence.push({ index, fingerprint, source: `claim ${claim.metadata.name}`, owned });
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

function rolloutShard(world: World, shard: ShardState, wanted: StatefulSet | undefined): RolloutShard {
  const { index } = shard;
  const settled = shard.rolled && shard.ready;
  const stuck = shard.problem !== undefined;
  const set = world.statefulSets.get(index);
  if (set?.metadata.deletionTimestamp !== undefined) return { index, form: 'Leaving', settled: false, stuck };
  const live = liveOf(world, index);
  if (live === undefined) return { index, form: 'Missing', settled: false, stuck };
  if (isSuspended(world.resource) || shard.stopped) return { index, form: 'Stopped', settled, stuck };
  const outdated = wanted !== undefined && templateDifference(wanted, live) !== undefined;
  return { index, form: outdated ? 'Outdated' : 'Current', updating: shard.updating, settled, stuck };
}
