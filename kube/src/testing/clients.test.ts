import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeClient } from '../client/types.ts';
import type { KubeObject } from '../object.ts';
import { resources } from '../resource.ts';
import { CrashError, crashingClient } from './crashing-client.ts';
import { fakeClient } from './fake-client.ts';
import { FakeApiServer } from './fake-server/server.ts';
import { recordingClient } from './recording-client.ts';

const { configMaps, deployments } = resources;
let server: FakeApiServer;
let client: KubeClient;

beforeEach(async () => {
  server = await FakeApiServer.start();
  client = fakeClient(server);
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const configMap = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
});
const names = () => server.database.list(configMaps, 'shop').map((object) => object.metadata.name);

describe('a crashing client', () => {
  test('carries its n-th write out, throws instead of the answer, and from then on throws whatever is called', async () => {
    const crashing = crashingClient(client, 2);
    await crashing.list(configMaps);
    await crashing.apply(configMaps, configMap('a'));
    await expect(crashing.apply(configMaps, configMap('b'))).rejects.toThrow(CrashError);
    await expect(crashing.apply(configMaps, configMap('c'))).rejects.toThrow(CrashError);
    await expect(crashing.list(configMaps)).rejects.toThrow(CrashError);
    expect(names()).toEqual(['a', 'b']);
    expect(crashing.seen).toBe(2);
  });

  test('with 0 dies before its first write, and not at a read', async () => {
    const crashing = crashingClient(client, 0);
    await crashing.list(configMaps);
    await expect(crashing.create(configMaps, configMap('a'))).rejects.toThrow(CrashError);
    expect(names()).toEqual([]);
  });
});

test('a recording client tells verbs, groups, resources, namespaces and names as RBAC has them', async () => {
  const recording = recordingClient(client);
  await recording.apply(configMaps, configMap('a'));
  await recording.apply(configMaps, configMap('a'));
  await recording.get(configMaps, { namespace: 'shop', name: 'a' });
  await recording.get(configMaps, { namespace: 'other', name: 'b' }).catch(() => {});
  await recording.list(deployments);
  const status = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'shop' }, status: {} };
  await recording.apply(deployments, status, { subresource: 'status' }).catch(() => {});
  expect(
    recording
      .uses()
      .map(({ verb, group, resource, namespaces, names: on }) => [
        `${verb} ${group || 'core'}/${resource}`,
        [...namespaces].join(),
        [...on].join(),
      ]),
  ).toEqual([
    ['patch core/configmaps', 'shop', 'a'],
    ['create core/configmaps', 'shop', 'a'],
    ['get core/configmaps', 'shop,other', 'a,b'],
    ['list apps/deployments', '', ''],
    ['patch apps/deployments/status', 'shop', 'd'],
  ]);
});
