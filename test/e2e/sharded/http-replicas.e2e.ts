import { parseTopology, TOPOLOGY_KEY } from '@motif/api/topology';
import { waitFor } from '@motif/cluster/testing';
import { type KubeObject, resources } from '@motif/kube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpService, httpTemplate, shardOf } from './support/http.ts';
import { World } from './support/world.ts';

interface Pod extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] };
}
interface Set extends KubeObject {
  spec: { replicas: number };
}

describe('the replicas of shards', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('replicas');
    await world.start();
    await world.apply(httpService('cart', { shards: 3, replicas: 2 }));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  const endpoints = async (shard: string) => {
    const map = await world.find<KubeObject & { data?: Record<string, string> }>(resources.configMaps, 'cart-topology');
    const { shards } = parseTopology(map?.data?.[TOPOLOGY_KEY] ?? '');
    return shards.find(({ name }) => name === shard)?.endpoints.map(({ name }) => name) ?? [];
  };
  const replicas = async (shard: string) => (await world.find<Set>(resources.statefulSets, shard))?.spec.replicas;
  const pods = () => world.podIdentities('motif.dev/role=shard');

  /** How many pods of each shard are ready and stay. */
  const ready = async () => {
    const counts: Record<string, number> = { 'cart-0': 0, 'cart-1': 0, 'cart-2': 0 };
    for (const { metadata, status } of await world.list<Pod>(resources.pods, 'motif.dev/role=shard')) {
      const up = status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True');
      const shard = shardOf(metadata.name);
      if (up && metadata.deletionTimestamp === undefined) counts[shard] = (counts[shard] ?? 0) + 1;
    }
    return counts;
  };

  test('of one shard alone grow by an override; nothing else restarts', async () => {
    const before = await pods();
    await world.patch('cart', { spec: { overrides: [{ index: 1, replicas: 3 }] } });
    await world.until('cart', 'Progressing', 'True', 'Scaling');
    await world.untilSettled('cart');
    expect(await endpoints('cart-1')).toEqual(['cart-1-0', 'cart-1-1', 'cart-1-2']);
    expect((await world.service('cart')).status).toMatchObject({ readyShards: 3, replicas: 7, readyReplicas: 7 });
    const after = await pods();
    for (const [name, identity] of before) expect(after.get(name), name).toBe(identity);
  });

  test('that go are out of the topology before they are taken away', async () => {
    const left: number[] = [];
    await world.patch('cart', { spec: { overrides: [{ index: 1, replicas: 1 }] } });
    const gone = async () => {
      const [listed, count] = [await endpoints('cart-1'), await replicas('cart-1')];
      if (listed.length === 1 && count === 3) left.push(performance.now());
      if (count === 1) expect(listed).toEqual(['cart-1-0']);
      return count === 1;
    };
    await waitFor('the shard is brought down', gone, { timeoutMs: 30_000, everyMs: 50 });
    expect((left.at(-1) ?? 0) - (left[0] ?? 0)).toBeGreaterThan(2_000);
    await world.patch('cart', { spec: { overrides: null } });
    await world.untilSettled('cart');
    expect(await endpoints('cart-1')).toEqual(['cart-1-0', 'cart-1-1']);
  });

  test('roll one at a time in each shard, the first of all alone; no shard is ever away', {
    timeout: 300_000,
  }, async () => {
    const before = await pods();
    let fewest = 2;
    const replaced = async () => {
      const now = await pods();
      return [...before]
        .filter(([name, identity]) => now.has(name) && now.get(name) !== identity)
        .map(([name]) => name);
    };
    const orders: string[] = [];
    await world.patch('cart', { spec: { template: httpTemplate({ ROUND: '2' }) } });
    await world.until('cart', 'Progressing', 'True', 'RollingOut');
    const done = async () => {
      for (const name of await replaced()) if (!orders.includes(name)) orders.push(name);
      fewest = Math.min(fewest, ...Object.values(await ready()));
      const progressing = await world.condition('cart', 'Progressing');
      const { generation } = (await world.service('cart')).metadata;
      return progressing?.status === 'False' && progressing.observedGeneration === generation;
    };
    await waitFor('all replicas are rolled out', done, { timeoutMs: 180_000, everyMs: 100 });
    expect(orders[0]).toBe('cart-0-1');
    expect(orders.toSorted()).toEqual([...before.keys()].toSorted());
    expect(fewest).toBe(1);
    const partitions = (
      await world.list<KubeObject & { spec: { updateStrategy: { rollingUpdate?: { partition?: number } } } }>(
        resources.statefulSets,
      )
    ).map(({ spec }) => spec.updateStrategy);
    for (const strategy of partitions) expect(strategy.rollingUpdate?.partition ?? 0).toBe(0);
  });

  test('that cannot run by a new template cost one pod of all, and are mended', { timeout: 300_000 }, async () => {
    const before = await pods();
    await world.patch('cart', { spec: { template: httpTemplate({ FAIL: '1' }) } });
    const degraded = await world.until('cart', 'Degraded', 'True', 'CrashLoopBackOff', 60_000);
    expect(degraded.message).toContain('replicas of shard cart-0');
    await world.until('cart', 'Progressing', 'True', 'Blocked');
    const during = await world.list(resources.pods, 'motif.dev/role=shard');
    const uid = (identity: string | undefined) => identity?.split('/')[0];
    const replaced = during.filter(({ metadata }) => metadata.uid !== uid(before.get(metadata.name)));
    expect(replaced.map(({ metadata }) => metadata.name)).toEqual(['cart-0-1']);
    expect(await world.condition('cart', 'Ready')).toMatchObject({ status: 'True' });
    await world.patch('cart', { spec: { template: httpTemplate({ ROUND: '2', FAIL: '' }) } });
    await world.untilSettled('cart', 180_000);
    await world.until('cart', 'Degraded', 'False');
  });

  test('are none while suspended, and as many as before afterwards', async () => {
    await world.patch('cart', { spec: { suspend: true } });
    await waitFor('no pod runs', async () => (await pods()).size === 0, { timeoutMs: 60_000 });
    await world.patch('cart', { spec: { suspend: false } });
    await world.untilSettled('cart');
    expect(await ready()).toEqual({ 'cart-0': 2, 'cart-1': 2, 'cart-2': 2 });
  });
});
