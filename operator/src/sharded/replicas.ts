import type { ShardedService } from './resource.ts';
import { isSuspended, overrideOf } from './spec.ts';

/** How many replicas a shard has, and who decides it. */

/**
 * Whether an autoscaler decides how many replicas the shard of this index has. An override with `replicas` takes its shard out: what a
 * person says of one shard beats what holds for all.
 */
export function isAutoscaled(resource: ShardedService, index: number): boolean {
  return resource.spec.shardAutoscaling !== undefined && overrideOf(resource, index)?.replicas === undefined;
}

/** The replicas that the resource itself says, with an autoscaler those that a shard begins with. */
export function statedReplicas(resource: ShardedService, index: number): number {
  const { replicas, shardAutoscaling } = resource.spec;
  const stated = overrideOf(resource, index)?.replicas ?? replicas;
  if (shardAutoscaling === undefined || !isAutoscaled(resource, index)) return stated;
  return Math.min(Math.max(stated, leastOf(shardAutoscaling)), shardAutoscaling.maxReplicas);
}

/** So many replicas a shard has at any time but while it is suspended: budgets are made from it. */
export function leastReplicas(resource: ShardedService, index: number): number {
  const { shardAutoscaling } = resource.spec;
  if (shardAutoscaling === undefined || !isAutoscaled(resource, index)) return statedReplicas(resource, index);
  return leastOf(shardAutoscaling);
}

/**
 * How many replicas of a shard are wanted now.
 * @param live what its StatefulSet says, where there is one: with an autoscaler that is what counts
 */
export function wantedReplicas(resource: ShardedService, index: number, live: number | undefined): number {
  if (isSuspended(resource)) return 0;
  // A shard comes back from a suspension as it began: autoscalers do not touch what is at zero.
  return isAutoscaled(resource, index) && live !== undefined && live > 0 ? live : statedReplicas(resource, index);
}

/** As the API server fills it in. */
function leastOf({ minReplicas }: NonNullable<ShardedService['spec']['shardAutoscaling']>): number {
  return minReplicas ?? 1;
}
