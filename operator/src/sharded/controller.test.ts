import { FakeClock } from '@motif/kit/testing';
import { type Informer, type KubeObject, OwnWrites, type StoreEvent } from '@motif/kube';
import { describe, expect, test } from 'vitest';
import { shardedServiceController } from './controller.ts';
import { shardAutoscaler } from './desired/autoscaler.ts';
import type { Autoscaler } from './kinds.ts';
import type { ReconcilerOptions } from './reconcile.ts';
import { http } from './testing.ts';
import type { Caches } from './world/gather.ts';

const informer = <T extends KubeObject>() => ({ subscribe: () => () => {} }) as unknown as Informer<T>;
const caches: Caches = {
  shardedServices: informer(),
  statefulSets: informer(),
  deployments: informer(),
  services: informer(),
  configMaps: informer(),
  budgets: informer(),
  pods: informer(),
  claims: informer(),
  autoscalers: informer(),
};
// What is tested calls none of the rest.
const options = { caches, ownWrites: new OwnWrites(), clock: new FakeClock() } as unknown as ReconcilerOptions;
const { watches } = shardedServiceController(options, 1);

const keys = (event: StoreEvent<Autoscaler>) =>
  watches.find((watch) => watch.informer === (caches.autoscalers as unknown))?.keys(event as StoreEvent);

const measured = (utilization: number, active = 'True'): Autoscaler => {
  const object = shardAutoscaler(http({ shardAutoscaling: { maxReplicas: 4 } }), 0) as Autoscaler;
  const status = { currentMetrics: utilization, conditions: [{ type: 'ScalingActive', status: active, reason: 'x' }] };
  return { ...object, status };
};

describe('what wakes a ShardedService', () => {
  test('no figure that an autoscaler writes down', () => {
    const event = { type: 'updated', initial: false, previous: measured(10), object: measured(90) } as const;
    expect(keys(event)).toEqual([]);
  });

  test('an autoscaler that comes, goes, is resynced, or says something else of itself', () => {
    const previous = measured(10);
    const events = [
      { type: 'added', initial: false, object: measured(10) },
      { type: 'deleted', object: measured(10) },
      { type: 'updated', initial: true, previous, object: previous },
      { type: 'updated', initial: false, previous, object: measured(10, 'False') },
    ] as StoreEvent<Autoscaler>[];
    for (const event of events) expect(keys(event)).toEqual(['shop/cart']);
  });
});
