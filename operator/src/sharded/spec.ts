import type { Role } from './names.ts';
import type { ShardedService } from './resource.ts';

/** Reads the specification with the defaults that depend on another field, or that an older stored object lacks. */

const PORTS: Readonly<Record<string, number>> = { redis: 6379, memcached: 11211, http: 8080 };

/** Where the shards listen. */
export function shardPort(resource: ShardedService): number {
  return resource.spec.port ?? PORTS[resource.spec.protocol] ?? 6379;
}

export function shardCount(resource: ShardedService): number {
  return resource.spec.shards ?? 0;
}

export function routerReplicas(resource: ShardedService): number {
  return resource.spec.router?.replicas ?? 2;
}

export const isSuspended = (resource: ShardedService): boolean => resource.spec.suspend === true;

export const allowsRemap = (resource: ShardedService): boolean => resource.spec.sharding?.onRemap === 'Remap';

/** How many pods of each shard (or of the router) are wanted now. */
export function wantedReplicas(resource: ShardedService, role: Role): number {
  if (isSuspended(resource)) return 0;
  return role === 'router' ? routerReplicas(resource) : (resource.spec.replicas ?? 1);
}
