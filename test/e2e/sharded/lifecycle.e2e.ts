import { waitFor } from '@motif/cluster/testing';
import { controllerOf, resources } from '@motif/kube';
import { shardedServices } from '@motif/operator/sharded/kinds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

const spec = { shards: 2, storage: { size: '32Mi' } };

describe('a ShardedService comes and goes', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('life');
    await world.start();
    await world.apply(shardedService('cart', spec));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  const remove = async (cascade: string) => {
    await world.namespace.kubectl(['delete', 'ssvc/cart', `--cascade=${cascade}`, '--wait', '--timeout=60s']);
  };

  test('deleted with --cascade=orphan its shards run on, and the next of its name and hashing adopts them', async () => {
    const pods = await world.podIdentities('motif.dev/service=cart');
    await remove('orphan');
    expect(await world.podIdentities('motif.dev/service=cart')).toEqual(pods);
    await world.apply(shardedService('cart', spec));
    await world.untilSettled('cart');
    const { uid } = (await world.service('cart')).metadata;
    for (const set of await world.list(resources.statefulSets)) expect(controllerOf(set)?.uid).toBe(uid);
    expect(await world.podIdentities('motif.dev/service=cart')).toEqual(pods);
  });

  test('orphans are not taken over by one of another hashing', async () => {
    const pods = await world.podIdentities('motif.dev/service=cart');
    await remove('orphan');
    await world.apply(shardedService('cart', { ...spec, shards: 3 }));
    const degraded = await world.until('cart', 'Degraded', 'True', 'ShardingMismatch');
    expect(degraded.message).toContain('StatefulSet cart-0');
    expect(await world.podIdentities('motif.dev/service=cart')).toEqual(pods);
    for (const set of await world.list(resources.statefulSets)) expect(controllerOf(set)).toBeUndefined();
    await remove('orphan');
    await world.apply(shardedService('cart', spec));
    await world.untilSettled('cart');
  });

  test('deleted, everything goes but the claims; made again over them it has its data', async () => {
    await world.redis('cart-1-0', 'set', 'kept', 'yes');
    await remove('foreground');
    const gone = async () => (await world.list(resources.pods)).length === 0;
    await waitFor('no pod is left', gone, { timeoutMs: 60_000 });
    for (const ref of [resources.statefulSets, resources.podDisruptionBudgets])
      expect(await world.list(ref)).toEqual([]);
    expect(await world.list(resources.persistentVolumeClaims)).toHaveLength(2);
    await world.apply(shardedService('cart', spec));
    await world.untilSettled('cart');
    expect(await world.redis('cart-1-0', 'get', 'kept')).toBe('yes');
  });

  test('made again over kept claims with another hashing no shard starts', async () => {
    await remove('foreground');
    await world.apply(shardedService('cart', { ...spec, sharding: { hashTag: 'None' } }));
    const degraded = await world.until('cart', 'Degraded', 'True', 'ShardingMismatch');
    expect(degraded.message).toContain('claim data-cart-0-0');
    expect(await world.list(resources.statefulSets)).toEqual([]);
    await world.patch('cart', { spec: { sharding: { onRemap: 'Remap' } } });
    await world.untilSettled('cart');
    expect(await world.redis('cart-1-0', 'get', 'kept')).toBe('yes');
  });

  test("another's objects are never written", async () => {
    const foreign = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'other-shards' },
      spec: { clusterIP: 'None', selector: { app: 'mine' }, ports: [{ port: 1 }] },
    };
    await world.apply(foreign);
    const before = await world.find(resources.services, 'other-shards');
    await world.apply(shardedService('other', { shards: 1 }));
    const degraded = await world.until('other', 'Degraded', 'True', 'NameConflict');
    expect(degraded.message).toContain('other-shards');
    expect(await world.find(resources.services, 'other-shards')).toEqual(before);
    await world.client.delete(resources.services, { namespace: world.ns, name: 'other-shards' });
    await world.until('other', 'Degraded', 'False', undefined, 90_000);
    await world.client.delete(shardedServices, { namespace: world.ns, name: 'other' });
  });
});
