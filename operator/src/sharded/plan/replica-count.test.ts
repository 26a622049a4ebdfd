import { describe, expect, test } from 'vitest';
import { nextTopology } from '../act/publish.ts';
import { shardStatefulSet } from '../desired/statefulset.ts';
import { topologyConfigMap } from '../desired/topology-configmap.ts';
import { emptyWorld, http, live, NOW, shardPod } from '../testing.ts';
import type { World } from '../world/world.ts';
import { replicaCount } from './replica-count.ts';

const wide = http({ shards: 1, replicas: 3 });
const narrow = http({ shards: 1, replicas: 1 });
const sets = (replicas: number) =>
  new Map([[0, live(wide, shardStatefulSet(wide, 0, { replicas, fingerprint: 'x' }))]]);

/** The world after another pass has published what is wanted of it. */
function published(before: World, now = before.now): World {
  const { topology, since, leaving, leavingSince } = nextTopology(before, []);
  const text = (ms: number) => new Date(ms).toISOString();
  const topologyMap = topologyConfigMap(before.resource, topology, {
    since: text(since),
    leaving: [...leaving],
    leavingSince: text(leavingSince),
  });
  return { ...before, now, topology, topologyMap };
}

describe('replicaCount', () => {
  test('is what the resource says, for one shard what is said of that', () => {
    const of = http({
      replicas: 2,
      overrides: [
        { index: 1, replicas: 5 },
        { index: 2, weight: 2 },
      ],
    });
    expect([0, 1, 2].map((index) => replicaCount(emptyWorld(of), index, undefined).replicas)).toEqual([2, 5, 2]);
    expect(replicaCount(emptyWorld(of), 1, 2).replicas).toBe(5);
  });

  test('takes replicas away only when the topology has been without them for a while', () => {
    const first = published(emptyWorld(wide, { statefulSets: sets(3) }));
    const asked = { ...first, resource: narrow };
    expect(replicaCount(asked, 0, 3)).toEqual({ replicas: 3, again: 5_000 });
    const told = published(asked, NOW + 2_000);
    expect(told.topology?.shards[0]?.endpoints.map(({ name }) => name)).toEqual(['cart-0-0']);
    expect(replicaCount(told, 0, 3)).toEqual({ replicas: 3, again: 3_000 });
    expect(replicaCount({ ...told, now: NOW + 5_000 }, 0, 3)).toEqual({ replicas: 1, again: undefined });
  });

  test('waits no longer because of other changes of the topology', () => {
    const told = published({ ...published(emptyWorld(wide, { statefulSets: sets(3) })), resource: narrow });
    const moved = published({ ...told, now: NOW + 4_000, shardPods: new Map([['cart-0-0', shardPod(wide, 0)]]) });
    expect(moved.topology?.epoch).toBe(3);
    expect(replicaCount(moved, 0, 3)).toEqual({ replicas: 3, again: 1_000 });
  });

  test('waits anew where still more are to go', () => {
    const two = http({ shards: 1, replicas: 2 });
    const told = published({ ...published(emptyWorld(wide, { statefulSets: sets(3) })), resource: two });
    expect(replicaCount({ ...told, resource: narrow, now: NOW + 9_000 }, 0, 3)).toEqual({ replicas: 3, again: 5_000 });
  });

  test('is none while suspended, at once', () => {
    expect(replicaCount(emptyWorld(http({ replicas: 3, suspend: true })), 0, 3)).toEqual({
      replicas: 0,
      again: undefined,
    });
  });

  const scaled = http({ replicas: 9, shardAutoscaling: { minReplicas: 2, maxReplicas: 4 } });

  test("is an autoscaler's where there is one, but for the beginning and after a suspension", () => {
    expect(replicaCount(emptyWorld(scaled), 0, undefined).replicas).toBe(4);
    expect(replicaCount(emptyWorld(scaled), 0, 0).replicas).toBe(4);
    for (const count of [1, 3, 9]) expect(replicaCount(emptyWorld(scaled), 0, count).replicas).toBeUndefined();
    const low = http({ shardAutoscaling: { minReplicas: 2, maxReplicas: 4 } });
    expect(replicaCount(emptyWorld(low), 0, undefined).replicas).toBe(2);
  });

  test('of a shard whose number a person says is not', () => {
    const of = http({ overrides: [{ index: 1, replicas: 6 }], shardAutoscaling: { maxReplicas: 4 } });
    expect(replicaCount(emptyWorld(of), 1, 3).replicas).toBe(6);
  });

  test('takes no pod away where a StatefulSet is made anew around its pods', () => {
    const low = http({ shardAutoscaling: { maxReplicas: 4 } });
    const shardPods = new Map(
      [0, 1, 2].map((ordinal) => [`cart-0-${ordinal}`, shardPod(low, 0, {}, ordinal)] as const),
    );
    expect(replicaCount(emptyWorld(low, { shardPods }), 0, undefined).replicas).toBe(3);
  });
});
