import { describe, expect, test } from 'vitest';
import { http, resource } from '../testing.ts';
import { shardBudgets } from './disruption-budget.ts';

/** Whether a budget's selector takes the pods of the shard of this index. */
function takes(spec: unknown, index: number): boolean {
  const { selector } = spec as {
    selector: { matchLabels: Record<string, string>; matchExpressions?: { values: string[] }[] };
  };
  const shard = selector.matchLabels['motif.dev/shard'];
  if (shard !== undefined) return shard === String(index);
  return !selector.matchExpressions?.some(({ values }) => values.includes(String(index)));
}

describe('shardBudgets', () => {
  const cases = {
    'one over all shards of one replica': [resource(), ['cart-shards']],
    'one a shard of several': [http({ replicas: 2 }), ['cart-0', 'cart-1', 'cart-2']],
    'one over those of one beside one of each of several': [
      http({ overrides: [{ index: 1, replicas: 3 }] }),
      ['cart-shards', 'cart-1'],
    ],
    'one over shards that their autoscaler may bring down to one': [
      http({ replicas: 4, shardAutoscaling: { maxReplicas: 8 } }),
      ['cart-shards'],
    ],
    'one a shard where autoscalers leave several': [
      http({ shardAutoscaling: { minReplicas: 2, maxReplicas: 8 } }),
      ['cart-0', 'cart-1', 'cart-2'],
    ],
  } as const;
  for (const [name, [of, names]] of Object.entries(cases)) {
    test(`${name}: each pod has exactly one`, () => {
      const budgets = shardBudgets(of);
      expect(budgets.map(({ metadata }) => metadata.name)).toEqual(names);
      for (const index of [0, 1, 2])
        expect(
          budgets.filter(({ spec }) => takes(spec, index)),
          String(index),
        ).toHaveLength(1);
      for (const { spec } of budgets)
        expect(spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    });
  }

  test('lets as many replicas of a shard go as the resource says, but never all', () => {
    const of = http({ replicas: 5, overrides: [{ index: 1, replicas: 2 }], disruption: { maxUnavailable: 3 } });
    expect(shardBudgets(of).map(({ spec }) => (spec as { maxUnavailable: number }).maxUnavailable)).toEqual([3, 1, 3]);
  });

  test('selects by role alone where there is nothing to leave out', () => {
    expect(shardBudgets(resource())[0]?.spec).toMatchObject({
      selector: {
        matchLabels: { 'motif.dev/kind': 'ShardedService', 'motif.dev/service': 'cart', 'motif.dev/role': 'shard' },
      },
    });
    expect(JSON.stringify(shardBudgets(resource()))).not.toContain('matchExpressions');
  });
});
