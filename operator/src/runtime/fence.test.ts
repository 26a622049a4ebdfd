import { type KubeClient, type KubeObject, resources } from '@motif/kube';
import { FakeApiServer, fakeClient } from '@motif/kube/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fencedClient } from './fence.ts';

let server: FakeApiServer;
let inner: KubeClient;

beforeEach(async () => {
  server = await FakeApiServer.start();
  inner = fakeClient(server);
});

afterEach(async () => {
  await inner.close();
  await server.stop();
});

const { configMaps } = resources;
const at = { namespace: 'shop', name: 'a' };
const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: at };

test('reads pass, and every kind of write is refused without being sent, unless this process leads at that moment', async () => {
  const elector = { leads: true };
  const client = fencedClient(inner, elector);
  await client.create(configMaps, object);
  elector.leads = false;
  server.requests.length = 0;
  const writes: (() => Promise<unknown>)[] = [
    () => client.create(configMaps, object),
    () => client.apply(configMaps, object),
    () => client.replace(configMaps, object),
    () => client.patch(configMaps, at, { type: 'merge', body: {} }),
    () => client.delete(configMaps, at),
    () => client.request({ method: 'POST', path: '/x' }),
  ];
  for (const write of writes)
    await expect(write()).rejects.toMatchObject({ code: 'KubeNotLeader', maybeApplied: false });
  expect(server.requests).toEqual([]);
  expect(await client.get(configMaps, at)).toMatchObject({ metadata: at });
  expect((await client.list(configMaps)).items).toHaveLength(1);
  elector.leads = true;
  await client.delete(configMaps, at);
  expect((await client.list(configMaps)).items).toEqual([]);
});
