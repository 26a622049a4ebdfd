import { waitFor } from '@motif/cluster/testing';
import { type KubeApiError, resources } from '@motif/kube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisTemplate, shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

describe('the drain of a node', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('drain');
    await world.start();
  });
  afterAll(() => world.close());

  const evict = async (name: string) => {
    const path = `/api/v1/namespaces/${world.ns}/pods/${name}/eviction`;
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: world.ns } };
    try {
      await world.client.request({ method: 'POST', path, body, timeoutMs: 2_000 });
      return 'evicted';
    } catch (error) {
      // 429 is tried again within the time of the call.
      return (error as KubeApiError).status === 429 || (error as KubeApiError).reason === 'Timeout' ? 'held' : error;
    }
  };

  const uid = async (name: string) => (await world.find(resources.pods, name))?.metadata.uid;

  /** Waits until another pod of the name is there and the service is ready. */
  const back = async (name: string, before: string | undefined) => {
    const replaced = async () => ![undefined, before].includes(await uid(name));
    await waitFor(`${name} is another pod`, replaced, { timeoutMs: 60_000 });
    await world.namespace.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=90s']);
    await world.untilSettled('cart');
  };

  test('takes one shard, and no second one before the first is back', async () => {
    await world.apply(
      shardedService('cart', {
        shards: 2,
        template: redisTemplate({ args: ['sh', '-c', 'sleep 4; exec redis-server'] }),
      }),
    );
    await world.untilSettled('cart');
    const [first, second] = [await uid('cart-0-0'), await uid('cart-1-0')];
    expect(await evict('cart-0-0')).toBe('evicted');
    expect(await evict('cart-1-0')).toBe('held');
    await back('cart-0-0', first);
    expect(await evict('cart-1-0')).toBe('evicted');
    await back('cart-1-0', second);
  });

  test('is not held up by a shard that cannot run', async () => {
    await world.apply(
      shardedService('bad', { shards: 1, template: redisTemplate({ image: 'registry.invalid/none:1' }) }),
    );
    await world.until('bad', 'Degraded', 'True', 'ImagePullBackOff');
    expect(await evict('bad-0-0')).toBe('evicted');
  });
});
