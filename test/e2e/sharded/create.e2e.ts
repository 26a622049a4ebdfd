import { setTimeout as sleep } from 'node:timers/promises';
import { parseTopology, TOPOLOGY_KEY } from '@motif/api/topology';
import { controllerOf, type KubeObject, resources } from '@motif/kube';
import { isWrite, wrapClient } from '@motif/kube/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

const CHILDREN = [
  resources.statefulSets,
  resources.services,
  resources.podDisruptionBudgets,
  resources.configMaps,
  resources.deployments,
];

/** The long proof: MOTIF_STEADY_SECONDS=300. */
const STEADY_SECONDS = Number(process.env.MOTIF_STEADY_SECONDS ?? 20);

describe('a ShardedService is made', () => {
  let world: World;
  const writes: string[] = [];

  beforeAll(async () => {
    world = await World.create('made');
    await world.start({
      resyncMs: 1_000,
      wrap: (client) =>
        wrapClient(client, {
          before(call) {
            if (isWrite(call)) writes.push(`${call.verb} ${call.ref?.resource}/${call.target.name}`);
          },
        }),
    });
    await world.apply(shardedService('cart', { shards: 3, storage: { size: '32Mi' }, router: { replicas: 1 } }));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  test('with its children, all owned by it and labelled', async () => {
    const service = await world.service('cart');
    const found: string[] = [];
    for (const ref of CHILDREN) {
      for (const child of await world.list(ref, 'motif.dev/service=cart,motif.dev/kind=ShardedService')) {
        found.push(`${child.kind}/${child.metadata.name}`);
        const owner = { uid: service.metadata.uid, controller: true, blockOwnerDeletion: true };
        expect(controllerOf(child), child.metadata.name).toMatchObject(owner);
        expect(child.metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'motif' });
      }
    }
    expect(found.toSorted()).toEqual([
      'ConfigMap/cart-topology',
      'Deployment/cart-router',
      'PodDisruptionBudget/cart-router',
      'PodDisruptionBudget/cart-shards',
      'Service/cart',
      'Service/cart-shards',
      'StatefulSet/cart-0',
      'StatefulSet/cart-1',
      'StatefulSet/cart-2',
    ]);
  });

  test('with a topology that names each pod, its address and its host', async () => {
    const map = await world.find<KubeObject & { data?: Record<string, string> }>(resources.configMaps, 'cart-topology');
    const topology = parseTopology(map?.data?.[TOPOLOGY_KEY] ?? '');
    const pods = await world.list<KubeObject & { status?: { podIP?: string } }>(resources.pods, 'motif.dev/role=shard');
    const addresses = new Map(pods.map(({ metadata, status }) => [metadata.name, status?.podIP]));
    expect(topology.shards.map(({ name }) => name)).toEqual(['cart-0', 'cart-1', 'cart-2']);
    for (const { name, endpoints } of topology.shards) {
      const host = `${name}-0.cart-shards.${world.ns}.svc`;
      expect(endpoints).toEqual([{ name: `${name}-0`, host, ip: addresses.get(`${name}-0`), port: 6379 }]);
    }
    expect((await world.service('cart')).status).toMatchObject({ shards: 3, readyShards: 3, epoch: topology.epoch });
  });

  test('with claims that remember how keys are placed', async () => {
    const claims = await world.list(resources.persistentVolumeClaims);
    const fingerprints = claims.map(({ metadata }) => metadata.annotations?.['motif.dev/sharding-fingerprint']);
    expect(claims.map(({ metadata }) => metadata.name).toSorted()).toEqual([
      'data-cart-0-0',
      'data-cart-1-0',
      'data-cart-2-0',
    ]);
    expect(new Set(fingerprints).size).toBe(1);
    expect(fingerprints[0]).toMatch(/^v1-/);
  });

  test(
    'and then nothing is written, however often it is looked at',
    async () => {
      // Resyncs come every second; what the last test left behind has long been seen.
      writes.length = 0;
      await sleep(STEADY_SECONDS * 1000);
      expect(writes).toEqual([]);
    },
    (STEADY_SECONDS + 60) * 1000,
  );

  test('and an event for each transition, none twice', async () => {
    interface Event extends KubeObject {
      reason?: string;
      note?: string;
      reportingInstance?: string;
    }
    // Another operator may serve the whole cluster meanwhile; its events are its own.
    const events = (await world.list<Event>(resources.events)).filter(
      ({ reportingInstance }) => reportingInstance === 'e2e',
    );
    const told = events.map(({ reason, note }) => `${reason}: ${note}`);
    expect(new Set(told).size).toBe(told.length);
    expect(told).toContain('ShardCreated: shard cart-2 was created');
  });
});
