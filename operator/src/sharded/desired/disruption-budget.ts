import type { KubeObject } from '@motif/kube';
import {
  LABEL,
  type Role,
  recommendedLabels,
  roleLabels,
  routerName,
  serviceLabels,
  shardLabels,
  shardName,
  shardsBudgetName,
} from '../names.ts';
import { leastReplicas } from '../replicas.ts';
import type { ShardedService } from '../resource.ts';
import { shardCount } from '../spec.ts';

/**
 * The budgets over the shards' pods. Shards of one replica share one, so that a drain takes one shard at a time; each shard of several
 * has its own, which lets one replica go (or as many as `disruption.maxUnavailable` says) but never the whole shard.
 *
 * What counts is how many replicas a shard has at least: one whose autoscaler may bring it down to one is among those of one. Selectors
 * do not overlap, because a pod with two budgets cannot be evicted at all.
 */
export function shardBudgets(resource: ShardedService): KubeObject[] {
  const { name } = resource.metadata;
  const indices = Array.from({ length: shardCount(resource) }, (_, index) => index);
  const several = indices.filter((index) => leastReplicas(resource, index) > 1);
  const own = several.map((index) => {
    const most = leastReplicas(resource, index) - 1;
    const maxUnavailable = Math.min(resource.spec.disruption?.maxUnavailable ?? 1, most);
    return budget(resource, 'shard', shardName(name, index), maxUnavailable, {
      matchLabels: shardLabels(name, index),
    });
  });
  if (several.length === indices.length) return own;
  const others = { key: LABEL.shard, operator: 'NotIn', values: several.map(String) };
  const selector = {
    matchLabels: roleLabels(name, 'shard'),
    ...(several.length === 0 ? {} : { matchExpressions: [others] }),
  };
  // The shared one first: it lets go of a shard before the shard's own budget takes it.
  return [budget(resource, 'shard', shardsBudgetName(name), 1, selector), ...own];
}

/** The budget over the router's pods. */
export function routerBudget(resource: ShardedService): KubeObject {
  const { name } = resource.metadata;
  return budget(resource, 'router', routerName(name), 1, { matchLabels: roleLabels(name, 'router') });
}

/** Pods that are not healthy may always be evicted: a shard that cannot start must not hold a node. */
function budget(
  resource: ShardedService,
  role: Role,
  name: string,
  maxUnavailable: number,
  selector: object,
): KubeObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {
      name,
      namespace: resource.metadata.namespace,
      labels: { ...recommendedLabels(resource, role), ...serviceLabels(resource.metadata.name) },
    },
    spec: { maxUnavailable, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector },
  };
}
