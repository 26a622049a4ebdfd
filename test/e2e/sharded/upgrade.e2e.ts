import { setTimeout as sleep } from 'node:timers/promises';
import { type KubeObject, resources } from '@motif/kube';
import type { Deployment } from '@motif/operator/sharded/kinds';
import { shardedServices } from '@motif/operator/sharded/kinds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

describe('an operator of another version', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('upgrade');
    await world.start({ version: '0.1.0' });
    await world.apply(shardedService('cart', { shards: 2, router: { replicas: 1 } }));
    await world.untilSettled('cart');
    await world.stop();
  });
  afterAll(() => world.close());

  const image = async () =>
    (await world.find<Deployment>(resources.deployments, 'cart-router'))?.spec.template.spec.containers[0]?.image;

  test('restarts no pod, not even where the status was lost', async () => {
    const pods = await world.podIdentities('motif.dev/service=cart');
    await world.start({ version: '9.9.9', resyncMs: 1_000 });
    await sleep(5_000);
    await world.stop();
    const target = { namespace: world.ns, name: 'cart' };
    await world.client.patch(
      shardedServices,
      target,
      { type: 'merge', body: { status: null } },
      { subresource: 'status' },
    );
    await world.start({ version: '9.9.9', resyncMs: 1_000 });
    await world.until('cart', 'Ready', 'True');
    await sleep(3_000);
    expect(await world.podIdentities('motif.dev/service=cart')).toEqual(pods);
    expect(await image()).toBe('motif/sharding:0.1.0');
    expect((await world.service('cart')).status?.dataPlaneVersion).toBe('0.1.0');
  });

  test('rolls the router when the resource says so', async () => {
    const shards = await world.podIdentities('motif.dev/role=shard');
    await world.patch('cart', { spec: { dataPlaneVersion: '9.9.9' } });
    await world.until('cart', 'Progressing', 'True', 'RollingOut');
    expect(await image()).toBe('motif/sharding:9.9.9');
    // The old router serves until the new one is ready, and this one never is.
    await world.until('cart', 'Degraded', 'True', 'ImagePullBackOff');
    await world.until('cart', 'Ready', 'True');
    expect(await world.podIdentities('motif.dev/role=shard')).toEqual(shards);
    const router = await world.find<KubeObject>(resources.deployments, 'cart-router');
    expect(router?.metadata.annotations?.['motif.dev/data-plane-version']).toBe('9.9.9');
  });
});
