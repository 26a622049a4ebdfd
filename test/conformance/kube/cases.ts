import {
  createApplier,
  createInformer,
  isAlreadyExists,
  isConflict,
  isInvalid,
  isNotFound,
  type KubeClient,
  type KubeObject,
  keyOf,
  NameConflictError,
  resources,
} from '@motif/kube';
import { testDependencies } from '@motif/kube/testing';
import { expect, vi } from 'vitest';

const { configMaps, statefulSets, deployments } = resources;

/** What a case gets: a client and a namespace of its own suite. */
export interface Bench {
  readonly client: KubeClient;
  readonly namespace: string;
}

/** One behaviour of an API server that Motif relies on. */
export interface Case {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

function configMap(namespace: string, name: string, data: Record<string, string> = {}, labels = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data };
}

function statefulSet(namespace: string, name: string, cpu = '1000m', more: object[] = []): KubeObject {
  const labels = { app: name };
  const limits = { cpu, memory: '1024Mi' };
  const container = { name: 'main', image: 'redis:7', ports: [{ containerPort: 6379 }], resources: { limits } };
  const template = { metadata: { labels }, spec: { containers: [container, ...more] } };
  const claim = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
  };
  const spec = {
    replicas: 0,
    serviceName: name,
    selector: { matchLabels: labels },
    template,
    volumeClaimTemplates: [claim],
  };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, namespace, labels }, spec };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

export const cases: readonly Case[] = [
  {
    name: 'create, get, replace and delete; conflicts by version, name and uid',
    async run({ client, namespace }) {
      const made = await client.create(configMaps, configMap(namespace, 'crud', { a: '1' }));
      expect(isAlreadyExists(await failure(client.create(configMaps, configMap(namespace, 'crud'))))).toBe(true);
      const changed = await client.replace(configMaps, { ...made, data: { a: '2' } });
      expect(changed.metadata.resourceVersion).not.toBe(made.metadata.resourceVersion);
      expect(isConflict(await failure(client.replace(configMaps, { ...made, data: { a: '3' } })))).toBe(true);
      const target = { namespace, name: 'crud' };
      const other = { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } };
      expect(isConflict(await failure(client.delete(configMaps, target, other)))).toBe(true);
      await client.delete(configMaps, target, { preconditions: { uid: made.metadata.uid } });
      expect(isNotFound(await failure(client.get(configMaps, target)))).toBe(true);
    },
  },
  {
    name: 'merge and JSON patches; a version in a merge patch and a failed test are refused',
    async run({ client, namespace }) {
      const made = await client.create(configMaps, configMap(namespace, 'patches', { a: '1', b: '1' }));
      const patched = await client.patch(configMaps, made.metadata, {
        type: 'merge',
        body: { data: { a: '2', b: null } },
      });
      expect(patched.data).toEqual({ a: '2' });
      const stale = { metadata: { resourceVersion: made.metadata.resourceVersion }, data: { a: '3' } };
      expect(isConflict(await failure(client.patch(configMaps, made.metadata, { type: 'merge', body: stale })))).toBe(
        true,
      );
      const test = { op: 'test', path: '/data/a', value: 'other' } as const;
      const replace = { op: 'replace', path: '/data/a', value: '4' } as const;
      expect(
        await failure(client.patch(configMaps, made.metadata, { type: 'json', body: [test, replace] })),
      ).toMatchObject({ status: 422 });
      expect((await client.patch(configMaps, made.metadata, { type: 'json', body: [replace] })).data).toEqual({
        a: '4',
      });
    },
  },
  {
    name: 'server-side apply: creates, changes no version when nothing changes, drops what is no longer applied, leaves others’ fields',
    async run({ client, namespace }) {
      let created = 0;
      const onCreated = () => created++;
      const first = await client.apply(configMaps, configMap(namespace, 'ssa', { a: '1', b: '1' }), { onCreated });
      const again = await client.apply(configMaps, configMap(namespace, 'ssa', { a: '1', b: '1' }), { onCreated });
      expect(created).toBe(1);
      expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      const theirs = { type: 'merge', body: { data: { c: 'theirs' } } } as const;
      await client.patch(configMaps, first.metadata, theirs, { fieldManager: 'somebody' });
      const less = await client.apply(configMaps, configMap(namespace, 'ssa', { a: '1' }));
      expect(less.data).toEqual({ a: '1', c: 'theirs' });
      const own = less.metadata.managedFields?.find(
        ({ manager, operation }) => manager === 'motif' && operation === 'Apply',
      );
      expect(own?.fieldsV1?.['f:data']).toEqual({ 'f:a': {} });
    },
  },
  {
    name: 'server-side apply without force: another’s value is a conflict; with another uid it is refused, also where nothing is',
    async run({ client, namespace }) {
      const made = await client.create(configMaps, configMap(namespace, 'force', { a: '1' }), {
        fieldManager: 'somebody',
      });
      const wanted = configMap(namespace, 'force', { a: '2' });
      expect(isConflict(await failure(client.apply(configMaps, wanted, { force: false })))).toBe(true);
      expect((await client.get(configMaps, made.metadata)).data).toEqual({ a: '1' });
      expect((await client.apply(configMaps, wanted)).data).toEqual({ a: '2' });
      const uid = '00000000-0000-0000-0000-000000000000';
      const other = { ...wanted, metadata: { ...wanted.metadata, uid } };
      expect(isInvalid(await failure(client.apply(configMaps, other)))).toBe(true);
      const absent = { ...other, metadata: { ...other.metadata, name: 'force-absent' } };
      expect(isConflict(await failure(client.apply(configMaps, absent)))).toBe(true);
      expect(isNotFound(await failure(client.get(configMaps, absent.metadata)))).toBe(true);
    },
  },
  {
    name: 'generation grows with the spec and not with the status; status is a part of its own',
    async run({ client, namespace }) {
      const made = await client.apply(deployments, deployment(namespace, 1));
      const bigger = await client.apply(deployments, deployment(namespace, 2));
      expect(bigger.metadata.generation).toBe((made.metadata.generation ?? 0) + 1);
      const condition = { type: 'MotifTest', status: 'True', reason: 'Tested', message: 'x' };
      const { apiVersion, kind, metadata } = made;
      const identity = { name: metadata.name, namespace };
      const status = { apiVersion, kind, metadata: identity, status: { conditions: [condition] } };
      const written = await client.apply(deployments, status, { subresource: 'status' });
      expect(written.metadata.generation).toBe(bigger.metadata.generation);
      expect(written).toMatchObject({ spec: { replicas: 2 } });
      expect(JSON.stringify(written.status)).toContain('MotifTest');
    },
  },
  {
    name: 'pages all show one version and end; selectors hold',
    async run({ client, namespace }) {
      for (let i = 0; i < 5; i++)
        await client.create(configMaps, configMap(namespace, `page-${i}`, {}, { page: 'yes' }));
      const names: string[] = [];
      const versions = new Set<string>();
      for await (const page of client.listAll(configMaps, { namespace, labelSelector: 'page=yes', limit: 2 })) {
        names.push(...page.items.map((item) => item.metadata.name));
        versions.add(page.resourceVersion);
        expect(page.items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
      }
      expect(names).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
      expect(versions.size).toBe(1);
      const one = await client.list(configMaps, { namespace, fieldSelector: 'metadata.name=page-3' });
      expect(one.items.map((item) => item.metadata.name)).toEqual(['page-3']);
      expect((await client.list(configMaps, { namespace, labelSelector: 'page notin (yes),page' })).items).toEqual([]);
    },
  },
  {
    name: 'a watch shows changes from its version on, ends after its time, and shows a bookmark before',
    async run({ client, namespace }) {
      const { resourceVersion } = await client.list(configMaps, { namespace });
      const labels = { watched: 'yes' };
      const made = await client.create(configMaps, configMap(namespace, 'watched', {}, labels));
      await client.patch(configMaps, made.metadata, { type: 'merge', body: { data: { a: '1' } } });
      const unlabel = { metadata: { labels: { watched: 'no' } } };
      await client.patch(configMaps, made.metadata, { type: 'merge', body: unlabel });
      const options = { namespace, labelSelector: 'watched=yes', resourceVersion, timeoutSeconds: 10 };
      const seen: string[] = [];
      let bookmark = '';
      for await (const event of await client.watch(configMaps, options)) {
        const version = String(event.object.metadata.resourceVersion);
        if (event.type === 'BOOKMARK') bookmark = version;
        else seen.push(event.type);
        expect(Number(version)).toBeGreaterThan(Number(resourceVersion));
      }
      expect(seen).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect(bookmark).not.toBe('');
    },
  },
  {
    name: 'the applier writes once: neither defaults nor other spellings of quantities look like a difference',
    async run({ client, namespace }) {
      const owner = await client.create(configMaps, configMap(namespace, 'owner'));
      const applier = createApplier({ client });
      const options = { owner, adoptLabels: { app: 'applied' } };
      const first = await applier.ensure(statefulSets, statefulSet(namespace, 'applied'), options);
      expect(first.action).toBe('created');
      const second = await applier.ensure(statefulSets, statefulSet(namespace, 'applied', '1'), options);
      expect(second).toMatchObject({ action: 'unchanged' });
      const third = await applier.ensure(statefulSets, statefulSet(namespace, 'applied', '2'), options);
      expect(third).toMatchObject({
        action: 'updated',
        // A real API server has spelled the quantity its own way by now.
        difference: expect.stringMatching(
          /^spec\.template\.spec\.containers\[name="main"\]\.resources\.limits\.cpu: "1(000m)?" -> "2"$/,
        ),
      });
      const extra = [{ name: 'extra', image: 'redis:7' }];
      await applier.ensure(statefulSets, statefulSet(namespace, 'applied', '2', extra), options);
      const fourth = await applier.ensure(statefulSets, statefulSet(namespace, 'applied', '2'), options);
      expect(fourth).toMatchObject({ difference: 'spec.template.spec.containers[name=extra]: no longer wanted' });
      expect(await applier.ensure(statefulSets, statefulSet(namespace, 'applied', '2'), options)).toMatchObject({
        action: 'unchanged',
      });
    },
  },
  {
    name: 'the applier leaves alone what is not ours',
    async run({ client, namespace }) {
      const owner = await client.create(configMaps, configMap(namespace, 'owner-2'));
      const applier = createApplier({ client });
      const before = await client.create(configMaps, configMap(namespace, 'theirs', { a: '1' }));
      const options = { owner, adoptLabels: { 'motif.dev/service': 'x' } };
      const wanted = configMap(namespace, 'theirs', { a: '2' });
      expect(await failure(applier.ensure(configMaps, wanted, options))).toBeInstanceOf(NameConflictError);
      expect(await client.get(configMaps, before.metadata)).toEqual(before);
    },
  },
  {
    name: 'an informer holds what the server holds',
    async run({ client, namespace }) {
      const informer = createInformer({ client, namespace, resource: configMaps, ...testDependencies });
      const stop = new AbortController();
      const running = informer.run(stop.signal);
      await informer.waitForSync(stop.signal);
      const made = await client.create(configMaps, configMap(namespace, 'informed', { a: '1' }));
      await client.apply(configMaps, configMap(namespace, 'informed', { b: '1' }));
      await client.create(configMaps, configMap(namespace, 'brief'));
      await client.delete(configMaps, { namespace, name: 'brief' });
      await vi.waitFor(
        async () => {
          const { items } = await client.list(configMaps, { namespace });
          const versions = (objects: KubeObject[]) =>
            objects.map((object) => `${keyOf(object)} ${object.metadata.resourceVersion}`).sort();
          expect(versions(informer.store.list())).toEqual(versions(items));
          expect(informer.store.getByUid(made.metadata.uid ?? '')?.data).toEqual({ a: '1', b: '1' });
        },
        { timeout: 10_000 },
      );
      stop.abort();
      await running;
    },
  },
];

function deployment(namespace: string, replicas: number): KubeObject {
  const labels = { app: 'generation' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'redis:7' }] } };
  const spec = { replicas, paused: true, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'generation', namespace, labels }, spec };
}
