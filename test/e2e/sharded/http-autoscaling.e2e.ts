import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@motif/cluster/testing';
import { controllerOf, type KubeObject, resources } from '@motif/kube';
import { isWrite, wrapClient } from '@motif/kube/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpService } from './support/http.ts';
import { World } from './support/world.ts';

interface Set extends KubeObject {
  spec: { replicas: number };
}
interface Autoscaler extends KubeObject {
  spec: object;
  status?: { conditions?: { type: string; status: string; reason: string }[] };
}

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
/** Never down, so that what a test scales up stays. */
const behavior = { scaleDown: { selectPolicy: 'Disabled' } };
const shardAutoscaling = { minReplicas: 1, maxReplicas: 4, metrics: [cpu], behavior };

describe('an autoscaler for each shard', () => {
  let world: World;
  const writes: string[] = [];

  beforeAll(async () => {
    world = await World.create('autoscaled');
    await world.start({
      resyncMs: 1_000,
      wrap: (client) =>
        wrapClient(client, {
          before(call) {
            if (isWrite(call)) writes.push(`${call.verb} ${call.ref?.resource}/${call.target.name}`);
          },
        }),
    });
    await world.apply(httpService('cart', { shards: 2, replicas: 2, shardAutoscaling }));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  const replicas = async (shard: string) => (await world.find<Set>(resources.statefulSets, shard))?.spec.replicas;
  const autoscalers = async () =>
    (await world.list<Autoscaler>(resources.horizontalPodAutoscalers)).toSorted((a, b) =>
      a.metadata.name.localeCompare(b.metadata.name),
    );
  const ownsReplicas = async (shard: string) => {
    const set = await world.find(resources.statefulSets, shard);
    return set?.metadata.managedFields
      ?.filter(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('f:replicas'))
      .map(({ manager }) => manager)
      .filter((manager) => manager === 'motif');
  };

  test('is made for each, is ours, and says what the resource says', async () => {
    const found = await autoscalers();
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['cart-0', 'cart-1']);
    const { uid } = (await world.service('cart')).metadata;
    for (const one of found) {
      expect(controllerOf(one)?.uid).toBe(uid);
      expect(one.spec).toMatchObject({
        scaleTargetRef: { kind: 'StatefulSet', name: one.metadata.name },
        minReplicas: 1,
        maxReplicas: 4,
        metrics: [cpu],
        behavior,
      });
    }
  });

  test('starts with the stated number, which we then let go of without changing it', async () => {
    await waitFor('the number is not ours', async () => (await ownsReplicas('cart-0'))?.length === 0, {
      timeoutMs: 30_000,
    });
    expect(await replicas('cart-0')).toBe(2);
    expect((await world.service('cart')).status).toMatchObject({ replicas: 4, readyReplicas: 4 });
  });

  test('decides by CPU on this cluster', async () => {
    const decides = async () =>
      (await autoscalers()).every(({ status }) =>
        status?.conditions?.some(({ type, status: holds }) => type === 'ScalingActive' && holds === 'True'),
      );
    await waitFor('both are active', decides, { timeoutMs: 150_000, everyMs: 2_000 });
  });

  test('is left alone: what it decides stays, the topology follows, and then nothing is written', async () => {
    await world.namespace.kubectl(['scale', 'statefulset/cart-1', '--replicas=3']);
    const three = async () => (await world.service('cart')).status?.readyReplicas === 5;
    await waitFor('the third replica is ready', three, { timeoutMs: 60_000 });
    await world.untilSettled('cart');
    await sleep(2_000);
    writes.length = 0;
    // Longer than an autoscaler's period, with a resync every second.
    await sleep(17_000);
    expect(writes).toEqual([]);
    expect(await replicas('cart-1')).toBe(3);
  });

  test('is not for a shard whose number a person says', async () => {
    await world.patch('cart', { spec: { overrides: [{ index: 1, replicas: 2 }] } });
    const pinned = async () => (await autoscalers()).length === 1 && (await replicas('cart-1')) === 2;
    await waitFor('one is left', pinned, { timeoutMs: 60_000 });
    expect(await replicas('cart-0')).toBe(2);
  });

  test('goes when the resource has none any more; the stated number holds again, and is kept when it comes back', async () => {
    await world.patch('cart', { spec: { shardAutoscaling: null, overrides: null, replicas: 3 } });
    const stated = async () =>
      (await autoscalers()).length === 0 && (await replicas('cart-0')) === 3 && (await replicas('cart-1')) === 3;
    await waitFor('the stated number holds', stated, { timeoutMs: 60_000 });
    await world.untilSettled('cart');
    const before = await world.podIdentities('motif.dev/role=shard');
    await world.patch('cart', { spec: { shardAutoscaling: { ...shardAutoscaling, minReplicas: 3 }, replicas: 1 } });
    const free = async () => (await autoscalers()).length === 2 && (await ownsReplicas('cart-0'))?.length === 0;
    await waitFor('the number is not ours', free, { timeoutMs: 60_000 });
    await sleep(2_000);
    expect([await replicas('cart-0'), await replicas('cart-1')]).toEqual([3, 3]);
    expect(await world.podIdentities('motif.dev/role=shard')).toEqual(before);
  });

  test('rests while suspended; its shard comes back as it began', async () => {
    await world.patch('cart', { spec: { suspend: true } });
    const gone = async () => (await world.list(resources.pods, 'motif.dev/role=shard')).length === 0;
    await waitFor('no pod runs', gone, { timeoutMs: 60_000 });
    await world.patch('cart', { spec: { suspend: false } });
    await world.untilSettled('cart');
    expect(await replicas('cart-0')).toBe(3);
    await waitFor('the number is not ours', async () => (await ownsReplicas('cart-0'))?.length === 0, {
      timeoutMs: 30_000,
    });
  });
});
