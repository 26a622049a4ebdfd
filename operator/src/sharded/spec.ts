import { shardingFingerprint } from '@motif/api/hashing';
import { ANNOTATION, type Role, shardName } from './names.ts';
import type { ShardedService } from './resource.ts';
import type { World } from './world/world.ts';

/** Reads the specification with the defaults that depend on another field, or that an older stored object lacks. */

/** Where the shards listen. */
export function shardPort(resource: ShardedService): number {
  return resource.spec.port ?? 6379;
}

/** How many shards are wanted; the schema requires the field where it counts. */
export function shardCount(resource: ShardedService): number {
  return resource.spec.shards ?? 0;
}

export const isSuspended = (resource: ShardedService): boolean => resource.spec.suspend;

export const allowsRemap = (resource: ShardedService): boolean => resource.spec.sharding.onRemap === 'Remap';

/** How many pods of each shard (or of the router) are wanted now. */
export function wantedReplicas(resource: ShardedService, role: Role): number {
  if (isSuspended(resource)) return 0;
  return role === 'router' ? resource.spec.router.replicas : resource.spec.replicas;
}

/** What decides where each key lives, as claims remember it. */
export function fingerprintOf(resource: ShardedService): string {
  const { algorithm, hashTag = '{}' } = resource.spec.sharding;
  const shards = Array.from({ length: shardCount(resource) }, (_, index) => ({
    hashName: shardName(resource.metadata.name, index),
    weight: 1,
  }));
  return shardingFingerprint({ algorithm, hash: 'rendezvous/v1', hashTag, shards });
}

/**
 * The version of our containers that this resource has: as it says, else as it was first rolled out with (the status, or the
 * router's own annotation where the status was lost), else what new resources get.
 */
export function dataPlaneVersion(
  { resource, router }: Pick<World, 'resource' | 'router'>,
  { version }: { readonly version: string },
): string {
  const recorded = resource.status?.dataPlaneVersion ?? router?.metadata.annotations?.[ANNOTATION.dataPlaneVersion];
  return resource.spec.dataPlaneVersion ?? recorded ?? version;
}
