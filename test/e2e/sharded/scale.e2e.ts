import { parseTopology, TOPOLOGY_KEY } from '@motif/api/topology';
import { waitFor } from '@motif/cluster/testing';
import { type KubeObject, resources } from '@motif/kube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

const FINGERPRINT = 'motif.dev/sharding-fingerprint';

describe('the number of shards', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('scale');
    await world.start();
    await world.apply(shardedService('cart', { shards: 2, storage: { size: '32Mi' } }));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  const members = async () => {
    const map = await world.find<KubeObject & { data?: Record<string, string> }>(resources.configMaps, 'cart-topology');
    return parseTopology(map?.data?.[TOPOLOGY_KEY] ?? '').shards.map(({ name }) => name);
  };
  const sets = async () => (await world.list(resources.statefulSets)).map(({ metadata }) => metadata.name).toSorted();
  const fingerprints = async () => {
    const claims = await world.list(resources.persistentVolumeClaims);
    return new Set(claims.map(({ metadata }) => metadata.annotations?.[FINGERPRINT]));
  };

  test('is not changed by kubectl scale under Refuse', async () => {
    const scale = world.namespace.kubectl(['scale', 'ssvc/cart', '--replicas=3']);
    await expect(scale).rejects.toThrow(/onRemap/);
    expect(await sets()).toEqual(['cart-0', 'cart-1']);
  });

  test('grows by kubectl scale under Remap: new shards join once they are ready, claims follow', async () => {
    const before = await world.podIdentities('motif.dev/role=shard');
    const old = await fingerprints();
    await world.patch('cart', { spec: { sharding: { onRemap: 'Remap' } } });
    await world.namespace.kubectl(['scale', 'ssvc/cart', '--replicas=4']);
    await world.untilSettled('cart');
    expect(await members()).toEqual(['cart-0', 'cart-1', 'cart-2', 'cart-3']);
    const now = await fingerprints();
    expect(now.size).toBe(1);
    expect([...now][0]).not.toBe([...old][0]);
    const after = await world.podIdentities('motif.dev/role=shard');
    for (const [name, identity] of before) expect(after.get(name)).toBe(identity);
  });

  test('shrinks, the highest first, together with a change of onRemap; the claims stay', async () => {
    await world.patch('cart', { spec: { sharding: { onRemap: 'Refuse' } } });
    await world.patch('cart', { spec: { shards: 2, sharding: { onRemap: 'Remap' } } });
    let largest = 0;
    const done = async () => {
      const [left, listed] = [await sets(), await members()];
      largest = Math.max(largest, listed.length);
      // A shard goes only after the data plane was told.
      if (left.length === 3) expect(left).toEqual(['cart-0', 'cart-1', 'cart-2']);
      return left.length === 2;
    };
    await waitFor('two shards are left', done, { timeoutMs: 60_000 });
    await world.untilSettled('cart');
    expect(await members()).toEqual(['cart-0', 'cart-1']);
    expect(await world.list(resources.persistentVolumeClaims)).toHaveLength(4);
    expect((await world.service('cart')).status).toMatchObject({ shards: 2, readyShards: 2 });
  });

  test('is nothing while suspended, and as before afterwards, with the data', async () => {
    await world.redis('cart-0-0', 'set', 'a', '1');
    await world.patch('cart', { spec: { suspend: true } });
    const gone = async () => (await world.list(resources.pods, 'motif.dev/role=shard')).length === 0;
    await waitFor('no pod runs', gone, { timeoutMs: 60_000 });
    await world.until('cart', 'Ready', 'False', 'Suspended');
    await world.until('cart', 'Progressing', 'False', 'Converged');
    await world.patch('cart', { spec: { suspend: false } });
    await world.untilSettled('cart');
    expect(await world.redis('cart-0-0', 'get', 'a')).toBe('1');
  });
});
