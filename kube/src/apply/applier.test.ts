import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeClient } from '../client/types.ts';
import { NameConflictError } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import { resources } from '../resource.ts';
import { fakeClient, widgets } from '../testing/fake-client.ts';
import { FakeApiServer } from '../testing/fake-server/server.ts';
import { wrapClient } from '../testing/wrap.ts';
import { createApplier } from './applier.ts';
import type { Applier, EnsureOptions } from './types.ts';

const { statefulSets } = resources;
const at = { namespace: 'shop', name: 'cart-0' };
const ours = { 'motif.dev/kind': 'ShardedService', 'motif.dev/service': 'cart' };

function shard(more: { replicas?: number; labels?: Record<string, string>; containers?: object[] } = {}): KubeObject {
  const { replicas = 1, labels = ours, containers = [{ name: 'redis', image: 'redis:7' }] } = more;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { ...at, labels },
    spec: { replicas, template: { spec: { containers } } },
  };
}

let server: FakeApiServer;
let client: KubeClient;
let applier: Applier;
let owner: KubeObject;
let options: EnsureOptions;

beforeEach(async () => {
  server = await FakeApiServer.start({ resources: [widgets] });
  client = fakeClient(server);
  applier = createApplier({ client });
  const widget = { apiVersion: 'test.motif.dev/v1', kind: 'Widget', metadata: { namespace: 'shop', name: 'cart' } };
  owner = await client.create(widgets, widget);
  options = { owner, adoptLabels: ours };
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const live = () => client.get<KubeObject & { spec: { replicas: number } }>(statefulSets, at);
const writes = () => server.requests.filter((request) => request.method !== 'GET').length;

describe('ensure', () => {
  test('should create, then write nothing, then write what differs and say what', async () => {
    expect(await applier.ensure(statefulSets, shard(), options)).toMatchObject({ action: 'created' });
    const before = writes();
    expect(await applier.ensure(statefulSets, shard(), { ...options, live: await live() })).toMatchObject({
      action: 'unchanged',
    });
    expect(writes()).toBe(before);
    expect(
      await applier.ensure(statefulSets, shard({ replicas: 2 }), { ...options, live: await live() }),
    ).toMatchObject({
      action: 'updated',
      difference: 'spec.replicas: 1 -> 2',
    });
    expect((await live()).metadata.ownerReferences).toMatchObject([{ uid: owner.metadata.uid, controller: true }]);
  });

  test('should take away a field that it no longer wants, and leave those of others', async () => {
    const two = [
      { name: 'redis', image: 'redis:7' },
      { name: 'old', image: 'old:1' },
    ];
    await applier.ensure(statefulSets, shard({ containers: two }), options);
    const patch = { metadata: { annotations: { theirs: 'x' } }, spec: { unknownField: { of: 'the future' } } };
    await client.patch(statefulSets, at, { type: 'merge', body: patch }, { fieldManager: 'somebody' });
    const outcome = await applier.ensure(statefulSets, shard(), { ...options, live: await live() });
    expect(outcome).toMatchObject({ difference: 'spec.template.spec.containers[name=old]: no longer wanted' });
    expect(await live()).toMatchObject({
      metadata: { annotations: { theirs: 'x' } },
      spec: {
        unknownField: { of: 'the future' },
        template: { spec: { containers: [{ name: 'redis', image: 'redis:7' }] } },
      },
    });
  });

  test('should take back a field that somebody changed', async () => {
    await applier.ensure(statefulSets, shard(), options);
    await client.patch(
      statefulSets,
      at,
      { type: 'merge', body: { spec: { replicas: 5 } } },
      { fieldManager: 'somebody' },
    );
    await applier.ensure(statefulSets, shard(), { ...options, live: await live() });
    expect((await live()).spec.replicas).toBe(1);
  });

  test('should not act on a cache that is older than its own write', async () => {
    await applier.ensure(statefulSets, shard(), options);
    const stale = await live();
    await applier.ensure(statefulSets, shard({ replicas: 2 }), { ...options, live: stale });
    const before = writes();
    expect(await applier.ensure(statefulSets, shard({ replicas: 2 }), { ...options, live: stale })).toMatchObject({
      action: 'unchanged',
    });
    expect(writes()).toBe(before);
  });

  test('should not write for ever against a server that insists', async () => {
    const insisting = wrapClient(client, {});
    const apply: KubeClient['apply'] = async (ref, object, more) => {
      const written = await client.apply(ref, object, more);
      return client.patch(
        ref,
        written.metadata,
        { type: 'merge', body: { spec: { replicas: 9 } } },
        { fieldManager: 'webhook' },
      );
    };
    const other = createApplier({ client: { ...insisting, apply } });
    await other.ensure(statefulSets, shard(), options);
    const before = writes();
    expect(await other.ensure(statefulSets, shard(), { ...options, live: await live() })).toMatchObject({
      action: 'unchanged',
    });
    expect(writes()).toBe(before);
    await other.ensure(statefulSets, shard({ replicas: 3 }), { ...options, live: await live() });
    expect(writes()).toBeGreaterThan(before);
  });
});

describe('what is not ours', () => {
  const orphan = (labels: Record<string, string>) => client.create(statefulSets, shard({ labels }));

  test('should never be written: no controller and other labels', async () => {
    await orphan({ app: 'theirs' });
    const before = await live();
    await expect(applier.ensure(statefulSets, shard(), options)).rejects.toThrow(
      /StatefulSet shop\/cart-0 exists and has no controller/,
    );
    expect(await live()).toEqual(before);
  });

  test('should never be written: another controller, whatever the labels', async () => {
    const other = { apiVersion: 'v1', kind: 'Other', name: 'o', uid: 'other', controller: true };
    const theirs = shard();
    await client.create(statefulSets, { ...theirs, metadata: { ...theirs.metadata, ownerReferences: [other] } });
    await expect(applier.ensure(statefulSets, shard(), options)).rejects.toThrow(NameConflictError);
    await expect(applier.ensure(statefulSets, shard(), options)).rejects.toThrow(/is controlled by Other\/o/);
  });

  test('should be adopted when it has our labels and no controller', async () => {
    await orphan(ours);
    expect(await applier.ensure(statefulSets, shard(), options)).toMatchObject({ action: 'updated' });
    expect((await live()).metadata.ownerReferences).toMatchObject([{ uid: owner.metadata.uid }]);
  });

  test('should not be overwritten when it appears between the look and the write', async () => {
    const late = wrapClient(client, {});
    let looked = false;
    const get: KubeClient['get'] = async (...call) => {
      const first = !looked;
      looked = true;
      try {
        return await client.get(...call);
      } finally {
        if (first) await orphan({ app: 'theirs' });
      }
    };
    const racing = createApplier({ client: { ...late, get } });
    await expect(racing.ensure(statefulSets, shard({ replicas: 7 }), options)).rejects.toThrow(NameConflictError);
    expect((await live()).spec.replicas).toBe(1);
  });

  test('should not be overwritten on the word of an API server that lags behind', async () => {
    const thaw = server.freezeReads();
    await orphan({ app: 'theirs' });
    await expect(applier.ensure(statefulSets, shard({ replicas: 7 }), options)).rejects.toThrow(/conflict/);
    thaw();
    expect((await live()).spec.replicas).toBe(1);
    await expect(applier.ensure(statefulSets, shard({ replicas: 7 }), options)).rejects.toThrow(NameConflictError);
  });

  test('should not be touched when the object was made again meanwhile', async () => {
    await applier.ensure(statefulSets, shard(), options);
    const before = await live();
    await client.delete(statefulSets, at);
    await orphan({ app: 'theirs' });
    const ensuring = createApplier({ client }).ensure(statefulSets, shard({ replicas: 4 }), {
      ...options,
      live: before,
    });
    await expect(ensuring).rejects.toThrow(NameConflictError);
    expect((await live()).spec.replicas).toBe(1);
  });
});

test('an object that is gone although the cache has it is made again', async () => {
  await applier.ensure(statefulSets, shard(), options);
  const before = await live();
  await client.delete(statefulSets, at);
  expect(await applier.ensure(statefulSets, shard({ replicas: 2 }), { ...options, live: before })).toMatchObject({
    action: 'created',
  });
});

describe('ensureStatus', () => {
  const widget = () => client.get(widgets, { namespace: 'shop', name: 'cart' });

  test('should write a status once, and a change of it, and nothing else', async () => {
    const status = { readyShards: 1, conditions: [{ type: 'Ready', status: 'False', reason: 'Waiting' }] };
    expect(await applier.ensureStatus(widgets, owner, status)).toBe(true);
    expect(await applier.ensureStatus(widgets, await widget(), status)).toBe(false);
    expect(await applier.ensureStatus(widgets, await widget(), { conditions: status.conditions })).toBe(true);
    expect(await widget()).toMatchObject({ status: { conditions: status.conditions }, metadata: { generation: 1 } });
    expect((await widget()).status).not.toHaveProperty('readyShards');
  });
});
