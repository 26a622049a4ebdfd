import type { KubeObject } from '@motif/kube';
import type { Role } from '../names.ts';
import { recommendedLabels, roleLabels, routerName, serviceLabels, shardBudgetName } from '../names.ts';
import type { ShardedService } from '../resource.ts';

/**
 * One budget over the pods of all shards (or of the router), so that a drain takes one at a time. Pods that are not healthy may
 * always be evicted: a shard that cannot start must not hold a node.
 */
export function disruptionBudget(resource: ShardedService, role: Role): KubeObject {
  const { name, namespace } = resource.metadata;
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {
      name: role === 'shard' ? shardBudgetName(name) : routerName(name),
      namespace,
      labels: { ...recommendedLabels(resource, role), ...serviceLabels(name) },
    },
    spec: {
      maxUnavailable: role === 'shard' ? (resource.spec.disruption?.maxUnavailable ?? 1) : 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: roleLabels(name, role) },
    },
  };
}
