import type { KubeObject } from '@motif/kube';
import { recommendedLabels, shardLabels, shardName } from '../names.ts';
import type { ShardedService } from '../resource.ts';

/**
 * The autoscaler of one shard: what the resource says of all, aimed at this shard's StatefulSet. Undefined where the resource has none.
 * `metrics` and `behavior` pass through untouched.
 */
export function shardAutoscaler(resource: ShardedService, index: number): KubeObject | undefined {
  const { shardAutoscaling } = resource.spec;
  if (shardAutoscaling === undefined) return undefined;
  const { name, namespace } = resource.metadata;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: shardName(name, index),
      namespace,
      labels: { ...recommendedLabels(resource, 'shard'), ...shardLabels(name, index) },
    },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: shardName(name, index) },
      ...shardAutoscaling,
    },
  };
}
