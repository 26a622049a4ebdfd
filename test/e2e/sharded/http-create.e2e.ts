import { parseTopology, TOPOLOGY_KEY } from '@motif/api/topology';
import { waitFor } from '@motif/cluster/testing';
import { type KubeObject, resources } from '@motif/kube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, httpService, shardOf } from './support/http.ts';
import { World } from './support/world.ts';

const KEYS = Array.from({ length: 40 }, (_, i) => `user-${i}`);
const URL = 'http://cart:8080/things';

describe('a ShardedService of http', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('http');
    await world.start();
    const sharding = { onRemap: 'Remap' };
    await world.apply(httpService('cart', { shards: 3, replicas: 2, router: { replicas: 1 }, sharding }));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  const names = async (ref: Parameters<World['list']>[0]) =>
    (await world.list(ref, 'motif.dev/service=cart')).map(({ metadata }) => metadata.name).toSorted();

  test('has a budget for each shard of several replicas, and counts shards and replicas', async () => {
    expect(await names(resources.podDisruptionBudgets)).toEqual(['cart-0', 'cart-1', 'cart-2', 'cart-router']);
    expect((await world.service('cart')).status).toMatchObject({
      shards: 3,
      readyShards: 3,
      updatedShards: 3,
      replicas: 6,
      readyReplicas: 6,
    });
  });

  test('tells the data plane of every replica that serves', async () => {
    const map = await world.find<KubeObject & { data?: Record<string, string> }>(resources.configMaps, 'cart-topology');
    const topology = parseTopology(map?.data?.[TOPOLOGY_KEY] ?? '');
    expect(topology).toMatchObject({ protocol: 'http', sharding: { algorithm: 'rendezvous', key: ['header:x-key'] } });
    for (const { name, endpoints } of topology.shards)
      expect(endpoints).toEqual([
        { name: `${name}-0`, host: `${name}-0.cart-shards.${world.ns}.svc`, ip: expect.any(String), port: 8080 },
        { name: `${name}-1`, host: `${name}-1.cart-shards.${world.ns}.svc`, ip: expect.any(String), port: 8080 },
      ]);
  });

  test('is reached through its router: one key always by one shard, all shards by many', async () => {
    const [first, second] = [await ask(world, 'cart-0-0', URL, KEYS), await ask(world, 'cart-1-0', URL, KEYS)];
    expect(new Set([...first, ...second].map(({ status }) => status))).toEqual(new Set([200]));
    expect(second.map(({ pod }) => shardOf(pod))).toEqual(first.map(({ pod }) => shardOf(pod)));
    expect(new Set(first.map(({ pod }) => shardOf(pod))).size).toBe(3);
    expect(new Set([...first, ...second].map(({ pod }) => pod)).size).toBeGreaterThan(3);
  });

  test('puts keys where a map says, then where ranges say', async () => {
    const owners = async (keys: string[], wanted: string[]) => {
      const as = async () =>
        (await ask(world, 'cart-0-0', URL, keys)).map(({ pod }) => shardOf(pod)).join() === wanted.join();
      await waitFor(`${keys} are of ${wanted}`, as, { timeoutMs: 20_000, everyMs: 500 });
    };
    const map = [
      { value: 'DE', shard: 2 },
      { value: 'FR', shard: 0 },
    ];
    await world.patch('cart', { spec: { sharding: { algorithm: 'map', map } } });
    await owners(['DE', 'FR'], ['cart-2', 'cart-0']);
    const range = [
      { from: '', shard: 1 },
      { from: 'm', shard: 0 },
    ];
    await world.patch('cart', { spec: { sharding: { algorithm: 'range', map: null, range } } });
    await owners(['abc', 'lzz', 'm', 'zeta'], ['cart-1', 'cart-1', 'cart-0', 'cart-0']);
  });

  test('grows, and with it the range of the new shard, in one step', async () => {
    const range = [
      { from: '', shard: 1 },
      { from: 'm', shard: 3 },
    ];
    await world.patch('cart', { spec: { shards: 4, sharding: { range } } });
    await world.untilSettled('cart');
    const as = async () => shardOf((await ask(world, 'cart-0-0', URL, ['zeta']))[0]?.pod) === 'cart-3';
    await waitFor('the new shard has its keys', as, { timeoutMs: 20_000, everyMs: 500 });
  });

  test('deleted, it leaves nothing', async () => {
    await world.namespace.kubectl(['delete', 'ssvc/cart', '--cascade=foreground', '--wait', '--timeout=90s']);
    await waitFor('no pod is left', async () => (await names(resources.pods)).length === 0, { timeoutMs: 60_000 });
    for (const ref of [
      resources.statefulSets,
      resources.podDisruptionBudgets,
      resources.configMaps,
      resources.services,
    ])
      expect(await names(ref)).toEqual([]);
  });
});
