import { describe, expect, test } from 'vitest';
import { shardAutoscaler } from '../desired/autoscaler.ts';
import { shardBudgets } from '../desired/disruption-budget.ts';
import { shardStatefulSet } from '../desired/statefulset.ts';
import type { Autoscaler } from '../kinds.ts';
import type { ShardedService } from '../resource.ts';
import { emptyWorld, http, live } from '../testing.ts';
import { planSurplus } from './deletions.ts';
import { nextTopology } from './publish.ts';

const owned = (of: ShardedService, object: object) => {
  const { ownerReferences } = live(of, shardStatefulSet(of, 0, { replicas: 1, fingerprint: 'x' })).metadata;
  const { metadata, ...rest } = object as Autoscaler;
  return { ...rest, metadata: { ...metadata, ownerReferences } } as Autoscaler;
};
const remap = { onRemap: 'Remap' };
const scaled = http({ shards: 3, sharding: remap, shardAutoscaling: { maxReplicas: 4 } });
const autoscalers = (of: ShardedService) =>
  new Map([0, 1, 2].map((index) => [index, owned(of, shardAutoscaler(scaled, index) ?? {})] as const));
const sets = (of: ShardedService, count: number) =>
  new Map(
    Array.from({ length: count }, (_, index) => {
      return [index, live(of, shardStatefulSet(of, index, { replicas: 1, fingerprint: 'x' }))] as const;
    }),
  );

/** Kinds and names of what goes now. */
function going(of: ShardedService, over: Parameters<typeof emptyWorld>[1]): string[] {
  const world = emptyWorld(of, over);
  return planSurplus(world, nextTopology(world, [])).now.map(({ object }) => `${object.kind}/${object.metadata.name}`);
}

describe('what belongs to shards', () => {
  test('autoscalers go where the resource has none any more, and where a person says the number', () => {
    const off = http({ shards: 3, sharding: remap });
    expect(going(off, { autoscalers: autoscalers(off), statefulSets: sets(off, 3) })).toHaveLength(3);
    const pinned = http({ shards: 3, overrides: [{ index: 1, replicas: 2 }], shardAutoscaling: { maxReplicas: 4 } });
    expect(going(pinned, { autoscalers: autoscalers(pinned), statefulSets: sets(pinned, 3) })).toEqual([
      'HorizontalPodAutoscaler/cart-1',
    ]);
    expect(going(scaled, { autoscalers: autoscalers(scaled), statefulSets: sets(scaled, 3) })).toEqual([]);
  });

  test('the autoscaler of a shard that nobody explains stays with it', () => {
    const small = http({ shards: 2, sharding: remap, shardAutoscaling: { maxReplicas: 4 } });
    expect(going(small, { autoscalers: autoscalers(small), statefulSets: sets(small, 3) })).toEqual([
      'StatefulSet/cart-2',
    ]);
    expect(going(small, { autoscalers: autoscalers(small), statefulSets: sets(small, 2) })).toEqual([
      'HorizontalPodAutoscaler/cart-2',
    ]);
  });

  test("another's autoscaler of the name is left alone", () => {
    const foreign = new Map([[0, shardAutoscaler(scaled, 0) as Autoscaler]]);
    expect(going(http({ shards: 3 }), { autoscalers: foreign })).toEqual([]);
  });

  test('the budget over all goes when every shard has its own, and the other way round', () => {
    const several = http({ shards: 2, replicas: 2 });
    const one = http({ shards: 2 });
    const budgets = (of: ShardedService, by: ShardedService) => shardBudgets(of).map((budget) => owned(by, budget));
    expect(going(several, { shardBudgets: budgets(one, several) })).toEqual(['PodDisruptionBudget/cart-shards']);
    expect(going(one, { shardBudgets: budgets(several, one) })).toEqual([
      'PodDisruptionBudget/cart-0',
      'PodDisruptionBudget/cart-1',
    ]);
    expect(going(one, { shardBudgets: budgets(one, one) })).toEqual([]);
  });
});
