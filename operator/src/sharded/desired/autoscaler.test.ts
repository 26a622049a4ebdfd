import { describe, expect, test } from 'vitest';
import { http } from '../testing.ts';
import { shardAutoscaler } from './autoscaler.ts';

const metrics = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
];
const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };

describe('shardAutoscaler', () => {
  test('aims at the StatefulSet of its shard and passes the rest through', () => {
    const of = http({ shardAutoscaling: { minReplicas: 2, maxReplicas: 6, metrics, behavior } });
    expect(shardAutoscaler(of, 1)).toMatchObject({
      apiVersion: 'autoscaling/v2',
      metadata: { name: 'cart-1', namespace: 'shop', labels: { 'motif.dev/shard': '1', 'motif.dev/service': 'cart' } },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'cart-1' },
        minReplicas: 2,
        maxReplicas: 6,
        metrics,
        behavior,
      },
    });
  });

  test('says nothing of what the resource does not say', () => {
    expect(shardAutoscaler(http({ shardAutoscaling: { maxReplicas: 6 } }), 0)?.spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'cart-0' },
      maxReplicas: 6,
    });
    expect(shardAutoscaler(http(), 0)).toBeUndefined();
  });
});
