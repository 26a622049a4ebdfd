import { shardingFingerprint } from '@motif/api/hashing';
import { ANNOTATION, shardName } from './names.ts';
import type { Override, ShardedService } from './resource.ts';
import type { World } from './world/world.ts';

/** Reads the specification with the defaults that depend on another field, or that an older stored object lacks. */

/** Where a protocol is spoken unless the resource says otherwise. */
export const DEFAULT_PORTS = { redis: 6379, memcached: 11211, http: 8080 } as const;

/** Where the shards listen. */
export function shardPort(resource: ShardedService): number {
  return resource.spec.port ?? DEFAULT_PORTS[resource.spec.protocol];
}

/** How many shards are wanted; the schema requires the field where it counts. */
export function shardCount(resource: ShardedService): number {
  return resource.spec.shards ?? 0;
}

export const isSuspended = (resource: ShardedService): boolean => resource.spec.suspend;

export const allowsRemap = (resource: ShardedService): boolean => resource.spec.sharding.onRemap === 'Remap';

/** How many pods of the router are wanted now. */
export function routerReplicas(resource: ShardedService): number {
  return isSuspended(resource) ? 0 : resource.spec.router.replicas;
}

/** What sets the shard of this index apart. */
export function overrideOf(resource: ShardedService, index: number): Override | undefined {
  return resource.spec.overrides?.find((override) => override.index === index);
}

/** The identity of a shard in every hash. */
export function hashNameOf(resource: ShardedService, index: number): string {
  return overrideOf(resource, index)?.hashName ?? shardName(resource.metadata.name, index);
}

/** The share of a shard, relative to the others. */
export function weightOf(resource: ShardedService, index: number): number {
  return overrideOf(resource, index)?.weight ?? 1;
}

/** What decides where each key lives, as claims remember it. */
export function fingerprintOf(resource: ShardedService): string {
  const { protocol, sharding } = resource.spec;
  const shards = Array.from({ length: shardCount(resource) }, (_, index) => ({
    hashName: hashNameOf(resource, index),
    weight: weightOf(resource, index),
  }));
  const { algorithm, key, map, range } = sharding;
  const placed = {
    ...(key === undefined ? {} : { key }),
    ...(map === undefined ? {} : { map }),
    ...(range === undefined ? {} : { range }),
  };
  const hashTag = sharding.hashTag ?? (protocol === 'http' ? 'None' : '{}');
  return shardingFingerprint({ algorithm, hash: 'rendezvous/v1', hashTag, ...placed, shards });
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
