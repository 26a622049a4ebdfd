import type { TestNamespace } from '@motif/cluster/testing';
import { cluster, waitFor } from '@motif/cluster/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chart, helm, helmOk } from './helm.ts';

/**
 * One release from install to uninstall, in order. It serves its own namespace only, so that it disturbs nobody else's operator; the
 * definitions are the cluster's, so it takes them over and hands them back.
 */
const CRD = 'shardedservices.motif.dev';
let namespace: TestNamespace;
let release: string;
/** Whose the definitions were; undefined: there were none. */
let before: string | undefined;

const OWNER = 'meta.helm.sh/release-name';
const OWNER_NAMESPACE = 'meta.helm.sh/release-namespace';

beforeAll(async () => {
  const { code, stdout } = await cluster.tryKubectl(['get', 'crd', CRD, '-o', 'json']);
  before = code === 0 ? stdout : undefined;
  namespace = await cluster.namespace('chart');
  release = namespace.name;
});

afterAll(async () => {
  await helm('uninstall', release, '--namespace', namespace.name, '--ignore-not-found', '--wait');
  await namespace.remove();
  if (before !== undefined) await handBack(JSON.parse(before).metadata.annotations ?? {});
});

/** Gives the definitions back to the release that had them. */
async function handBack(annotations: Record<string, string>): Promise<void> {
  const changes = [OWNER, OWNER_NAMESPACE].map((key) =>
    annotations[key] === undefined ? `${key}-` : `${key}=${annotations[key]}`,
  );
  await cluster.kubectl(['annotate', '--overwrite', 'crd', CRD, ...changes]);
}

/** Installs or upgrades and waits until the operator is ready. */
function upgrade(...settings: string[]): Promise<string> {
  return helmOk(
    ...['upgrade', '--install', release, chart, '--namespace', namespace.name, '--take-ownership'],
    ...['--set', `operator.watchNamespaces={${namespace.name}}`, ...settings.flatMap((one) => ['--set', one])],
    ...['--wait', '--timeout', '120s'],
  );
}

async function json<T>(...args: string[]): Promise<T> {
  return JSON.parse(await namespace.kubectl([...args, '-o', 'json']));
}

interface Objects {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly uid: string } }[];
}

/** Names and uids of what belongs to the user's resource: the same before and after means that nothing was touched. */
async function users(): Promise<string[]> {
  const ours = await json<Objects>('get', 'ssvc,statefulset,pvc,configmap,pod', '-l', 'motif.dev/service=store');
  const resource = await json<Objects>('get', 'ssvc');
  return [...ours.items, ...resource.items].map(({ metadata }) => `${metadata.name} ${metadata.uid}`).toSorted();
}

const store = {
  apiVersion: 'motif.dev/v1alpha1',
  kind: 'ShardedService',
  metadata: { name: 'store' },
  spec: {
    protocol: 'redis',
    shards: 2,
    storage: { size: '64Mi' },
    router: { replicas: 1 },
    template: {
      spec: {
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 999,
          fsGroup: 999,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'redis',
            image: 'redis:7',
            resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    },
  },
};

test('install: two replicas run at the restricted level, one leads, helm test passes', async () => {
  await upgrade();
  const { status, spec } = await json<{ status: { readyReplicas: number }; spec: { replicas: number } }>(
    ...['get', 'deployment', `${release}-operator`],
  );
  expect([spec.replicas, status.readyReplicas]).toEqual([2, 2]);
  const lease = await json<{ spec: { holderIdentity: string } }>('get', 'lease', `${release}-operator`);
  expect(lease.spec.holderIdentity).toMatch(new RegExp(`^${release}-operator-`));
  await helmOk('test', release, '--namespace', namespace.name, '--timeout', '60s');
});

test('the installed operator serves a resource', async () => {
  await namespace.kubectl(['create', '-f', '-'], JSON.stringify(store));
  await namespace.kubectl(['wait', '--for=condition=Ready', 'ssvc/store', '--timeout=120s']);
}, 150_000);

test('upgrade and rollback change the operator and nothing of its users', async () => {
  const untouched = await users();
  await upgrade('operator.logLevel=debug', 'operator.replicas=1');
  expect(await replicas()).toBe(1);
  expect(await users()).toEqual(untouched);
  await helmOk('rollback', release, '1', '--namespace', namespace.name, '--wait', '--timeout', '120s');
  expect(await replicas()).toBe(2);
  expect(await users()).toEqual(untouched);
}, 240_000);

async function replicas(): Promise<number> {
  return (await json<{ status: { readyReplicas: number } }>('get', 'deployment', `${release}-operator`)).status
    .readyReplicas;
}

test('uninstall takes the operator and its rights away, and leaves resources, data and definitions', async () => {
  const untouched = await users();
  expect(untouched.length).toBeGreaterThan(6);
  await helmOk('uninstall', release, '--namespace', namespace.name, '--wait', '--timeout', '120s');
  await waitFor('the operator is gone', async () => (await operatorPods()).length === 0, { timeoutMs: 60_000 });
  expect(await users()).toEqual(untouched);
  await cluster.kubectl(['get', 'crd', CRD]);
  const kinds = 'clusterrole,clusterrolebinding,validatingadmissionpolicy,validatingadmissionpolicybinding';
  const left = await cluster.kubectl(['get', kinds, '-l', `app.kubernetes.io/instance=${release}`, '-o', 'name']);
  expect(left).toBe('');
}, 240_000);

async function operatorPods(): Promise<Objects['items']> {
  return (await json<Objects>('get', 'pod', '-l', 'app.kubernetes.io/component=operator')).items;
}

test('installed again it takes up where it was', async () => {
  const untouched = await users();
  await upgrade('operator.replicas=1');
  await namespace.kubectl(['wait', '--for=condition=Ready', 'ssvc/store', '--timeout=120s']);
  expect(await users()).toEqual(untouched);
}, 240_000);
