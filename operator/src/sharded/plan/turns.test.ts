import { withEpoch } from '@motif/api/topology';
import { describe, expect, test } from 'vitest';
import { shardStatefulSet, withPartition } from '../desired/statefulset.ts';
import { topologyContent } from '../desired/topology.ts';
import type { Pod, StatefulSet } from '../kinds.ts';
import type { ShardedService } from '../resource.ts';
import { emptyWorld, http, live, NOW, REVISION, shardPods } from '../testing.ts';
import type { World } from '../world/world.ts';
import { planShards } from './plan.ts';

const template = (image: string) => ({ spec: { containers: [{ name: 'app', image }] } });
const before = (counts: readonly number[]) => http({ ...spec(counts), template: template('shop/app:1') });
const after = (counts: readonly number[]) => http({ ...spec(counts), template: template('shop/app:2') });
const spec = (counts: readonly number[]) => ({
  shards: counts.length,
  overrides: counts.map((replicas, index) => ({ index, replicas })),
});

/** Everything runs by `of`, as its controllers and the operator left it. */
function settled(of: ShardedService, counts: readonly number[]): World {
  const pods = shardPods(of, counts);
  const sets = counts.map((replicas, index): [number, StatefulSet] => {
    const set = live(of, shardStatefulSet(of, index, { replicas, fingerprint: 'x' }));
    return [index, { ...set, status: { ...set.status, replicas, readyReplicas: replicas, updatedReplicas: replicas } }];
  });
  const addresses = new Map([...pods].map(([name, { status }]) => [name, status?.podIP ?? '']));
  const inputs = {
    addresses,
    serving: new Set(pods.keys()),
    scaled: new Map(),
    ready: new Set<number>(),
    previous: undefined,
  };
  const topology = withEpoch(topologyContent(of, inputs), undefined);
  return emptyWorld(of, { statefulSets: new Map(sets), shardPods: pods, topology });
}

/** The same after the operator gave a StatefulSet this specification and its controller saw it: nothing has been replaced yet. */
function given(world: World, index: number, wanted: StatefulSet, partition: number): World {
  const statefulSets = new Map(world.statefulSets);
  const old = statefulSets.get(index) as StatefulSet;
  const next = withPartition({ ...old, spec: { ...old.spec, template: wanted.spec.template } }, partition);
  statefulSets.set(index, { ...next, status: { ...old.status, updateRevision: 'r2' } });
  return { ...world, statefulSets };
}

/** The same with a pod that came back by the new template; `agoMs`: since when it is ready. */
function back(world: World, name: string, agoMs: number, ip = world.shardPods.get(name)?.status?.podIP): World {
  const pod = world.shardPods.get(name) as Pod;
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: new Date(NOW - agoMs).toISOString() }];
  const metadata = { ...pod.metadata, labels: { ...pod.metadata.labels, [REVISION]: 'r2' } };
  const next: Pod = {
    ...pod,
    metadata,
    status: { ...pod.status, ...(ip === undefined ? {} : { podIP: ip }), conditions },
  };
  return { ...world, shardPods: new Map(world.shardPods).set(name, next) };
}

const partitions = ({ wanted }: ReturnType<typeof planShards>) =>
  [...wanted.values()].map(({ spec: { updateStrategy } }) => updateStrategy?.rollingUpdate?.partition ?? 0);

describe('a roll-out of shards of several replicas', () => {
  const counts = [2, 2, 3];
  const world = { ...settled(before(counts), counts), resource: after(counts) };
  const wanted = planShards(world).wanted.get(0) as StatefulSet;

  test('begins with one replica of one shard', () => {
    const plan = planShards(world);
    expect(plan.rollout).toMatchObject({ apply: [0], waiting: [1, 2], rollingReplicas: [0], rolling: undefined });
    expect(partitions(plan)[0]).toBe(1);
  });

  test('looks again when that replica has been back for a moment, and then takes one of each', () => {
    const started = given(world, 0, wanted, 1);
    const early = planShards(back(started, 'cart-0-1', 1_000));
    expect(early.rollout.apply).toEqual([0]);
    expect(early.again).toBe(2_000);
    const plan = planShards(back(started, 'cart-0-1', 3_000));
    expect(plan.rollout).toMatchObject({ apply: [0, 1, 2], waiting: [], rollingReplicas: [0, 1, 2] });
    expect(partitions(plan)).toEqual([0, 1, 2]);
  });

  test('waits until those who send requests know where it is now', () => {
    const moved = back(given(world, 0, wanted, 1), 'cart-0-1', 60_000, '10.0.9.9');
    expect(planShards(moved).rollout.apply).toEqual([0]);
    expect(partitions(planShards(moved))[0]).toBe(1);
  });

  test('is over when every pod has the template, also while one of them restarts', () => {
    const done = { ...settled(after(counts), counts), resource: after(counts) };
    expect(planShards(done).rollout).toMatchObject({ rollingReplicas: [], waiting: [], outdated: [] });
    done.shardPods = new Map([...done.shardPods].filter(([name]) => name !== 'cart-1-1'));
    expect(planShards(done).rollout.rollingReplicas).toEqual([]);
  });

  test('holds shards of one replica up until it is through', () => {
    const mixed = [1, 1, 2];
    const both = { ...settled(before(mixed), mixed), resource: after(mixed) };
    expect(planShards(both).rollout).toMatchObject({ apply: [2], waiting: [0, 1], outdated: [0, 1, 2] });
    const next = planShards(both).wanted.get(2) as StatefulSet;
    const through = ['cart-2-0', 'cart-2-1'].reduce((one, pod) => back(one, pod, 9_000), given(both, 2, next, 0));
    const set = through.statefulSets.get(2) as StatefulSet;
    const rolled = { ...set, status: { ...set.status, currentRevision: 'r2' } };
    expect(planShards(through).rollout).toMatchObject({ apply: [2], waiting: [0, 1], rollingReplicas: [2] });
    const done = { ...through, statefulSets: new Map(through.statefulSets).set(2, rolled) };
    expect(planShards(done).rollout).toMatchObject({ apply: [0, 2], waiting: [1], rolling: 0 });
  });

  test('goes on where a shard was brought down to one replica in the midst of it', () => {
    const one = [1];
    const shrunk = given({ ...settled(before(one), one), resource: after(one) }, 0, wanted, 1);
    const plan = planShards(shrunk);
    expect(plan.rollout.apply).toEqual([0]);
    expect(partitions(plan)).toEqual([0]);
  });
});
