import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRendezvous } from '@motif/api';
import type { TestNamespace } from '@motif/cluster';
import { cluster, waitFor } from '@motif/cluster/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { example, type InstalledOperator, installOperator, waitReady } from '../src/install.ts';
import { type LoadReport, parseSeconds, sumUp } from './report.ts';

const SHARDS = ['cart-0', 'cart-1', 'cart-2'];
const LOADS = ['through-router', 'through-ambassador'] as const;
let namespace: TestNamespace;
let operator: InstalledOperator;

/** Thirty keys of each shard. */
function keysByShard(): Record<string, string[]> {
  const locator = createRendezvous(SHARDS.map((hashName) => ({ hashName, weight: 1 })));
  const keys: Record<string, string[]> = Object.fromEntries(SHARDS.map((shard) => [shard, []]));
  for (let n = 0; Object.values(keys).some((own) => own.length < 30); n++) {
    const bytes = Buffer.from(`key-${n}`);
    keys[SHARDS[locator.pick(bytes, 0, bytes.length)]!]!.push(`key-${n}`);
  }
  return keys;
}

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** The pod of a load: through the router's Service, or the example's client pod with the load as its application. */
function loadPod(name: (typeof LOADS)[number]): object {
  const container = {
    name: 'load',
    image: 'motif.local/tools:1',
    command: ['node', '/load/load.mjs'],
    env: [
      { name: 'KEYS', value: JSON.stringify(keysByShard()) },
      { name: 'HOST', value: name === 'through-router' ? 'cart' : '127.0.0.1' },
    ],
    securityContext: restricted,
    volumeMounts: [{ name: 'load', mountPath: '/load' }],
  };
  const load = { name: 'load', configMap: { name: 'load' } };
  const ambassador = JSON.parse(clientJson) as {
    metadata: { labels: object };
    spec: { initContainers: unknown[]; volumes: unknown[]; securityContext: object };
  };
  const own = name === 'through-ambassador';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: own ? ambassador.metadata.labels : {} },
    spec: {
      terminationGracePeriodSeconds: 2,
      securityContext: ambassador.spec.securityContext,
      initContainers: own ? ambassador.spec.initContainers : [],
      containers: [container],
      volumes: own ? [load, ...ambassador.spec.volumes] : [load],
    },
  };
}

let clientJson = '';

async function startLoads(): Promise<void> {
  const script = readFileSync(join(import.meta.dirname, 'load.mjs'), 'utf8');
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'load' }, data: { 'load.mjs': script } };
  await namespace.kubectl(['apply', '-f', '-'], JSON.stringify(configMap));
  clientJson = await namespace.kubectl(['create', '--dry-run=client', '-o', 'json', '-f', '-'], example('client.yaml'));
  for (const name of LOADS) await namespace.kubectl(['apply', '-f', '-'], JSON.stringify(loadPod(name)));
  for (const name of LOADS) await namespace.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=120s']);
}

async function reportOf(load: string, from: number): Promise<LoadReport> {
  return sumUp(parseSeconds(await namespace.kubectl(['logs', load, '-c', 'load', '--since=15m'])), from);
}

/** Every shard answers again on both ways, with nothing but good answers for three seconds. */
async function healthy(): Promise<void> {
  await waitFor(
    'good answers of every shard on both ways',
    async () => {
      const reports = await Promise.all(LOADS.map((load) => reportOf(load, Date.now() - 3000)));
      return reports.every(
        ({ seconds, shards, broken }) =>
          seconds >= 2 && broken === 0 && SHARDS.every((shard) => shards[shard]!.ok > 0 && shards[shard]!.errors === 0),
      );
    },
    { timeoutMs: 90_000 },
  );
}

/** Runs a fault under load and gives what each way saw from its beginning until all is well again. */
async function under(fault: () => Promise<void>): Promise<Record<string, LoadReport>> {
  await healthy();
  const from = Date.now();
  await fault();
  await waitReady(namespace, 'cart');
  await healthy();
  const reports = Object.fromEntries(
    await Promise.all(LOADS.map(async (load) => [load, await reportOf(load, from)] as const)),
  );
  for (const [load, { seconds, broken, shards, texts }] of Object.entries(reports))
    console.log(
      `${load}: ${seconds} s, ${broken} connections broke, ${JSON.stringify(shards)} ${JSON.stringify(texts)}`,
    );
  return reports;
}

function expectNoErrors(report: LoadReport | undefined, shards: readonly string[]): void {
  for (const shard of shards) expect({ shard, ...report?.shards[shard] }).toMatchObject({ shard, errors: 0, wrong: 0 });
}

beforeAll(async () => {
  namespace = await cluster.namespace('chaos');
  operator = await installOperator(namespace);
  await namespace.kubectl(['apply', '-f', '-'], example('cart.yaml'));
  await waitReady(namespace, 'cart');
  await startLoads();
}, 300_000);

afterAll(async () => {
  await operator?.uninstall();
  await namespace?.remove();
}, 180_000);

describe('under load on the real cluster', () => {
  it('a killed shard costs the keys of no other shard an answer', async () => {
    const reports = await under(async () => {
      await namespace.kubectl(['delete', 'pod', 'cart-1-0', '--grace-period=0', '--force']);
      await waitFor(
        'the pod made again',
        async () => (await namespace.kubectl(['get', 'pod', 'cart-1-0', '--ignore-not-found'])) !== '',
        { timeoutMs: 60_000 },
      );
      await namespace.kubectl(['wait', '--for=condition=Ready', 'pod/cart-1-0', '--timeout=120s']);
    });
    for (const load of LOADS) {
      expectNoErrors(reports[load], ['cart-0', 'cart-2']);
      expect(reports[load]?.broken).toBe(0);
    }
  });

  it('without an operator all traffic goes on, and it comes back by itself', async () => {
    const reports = await under(async () => {
      await namespace.kubectl([
        'delete',
        'pod',
        '-l',
        'app.kubernetes.io/component=operator',
        '--grace-period=0',
        '--force',
      ]);
      await namespace.kubectl(['rollout', 'status', `deployment/${operator.release}-operator`, '--timeout=120s']);
    });
    for (const load of LOADS) {
      expectNoErrors(reports[load], SHARDS);
      expect(reports[load]?.broken).toBe(0);
    }
  });

  it('a killed router pod costs only the connections through it', async () => {
    const reports = await under(async () => {
      const [pod] = (await namespace.kubectl(['get', 'pods', '-l', 'motif.dev/role=router', '-o', 'name'])).split('\n');
      await namespace.kubectl(['delete', pod!, '--grace-period=0', '--force']);
      await namespace.kubectl(['rollout', 'status', 'deployment/cart-router', '--timeout=120s']);
    });
    for (const load of LOADS) expectNoErrors(reports[load], SHARDS);
    expect(reports['through-ambassador']?.broken).toBe(0);
  });

  it('a killed ambassador comes back beside its application, which only has to connect again', async () => {
    const reports = await under(async () => {
      await killContainer('through-ambassador', 'cart');
    });
    for (const load of LOADS) expectNoErrors(reports[load], SHARDS);
    expect(reports['through-ambassador']?.broken).toBeGreaterThan(0);
    expect(reports['through-router']?.broken).toBe(0);
  });
});

/** Kills a container's process from its node; the kubelet starts it again. */
async function killContainer(pod: string, container: string): Promise<void> {
  const path = `{.status.initContainerStatuses[?(@.name=="${container}")].restartCount}`;
  const restarts = () => namespace.kubectl(['get', 'pod', pod, '-o', `jsonpath=${path}`]);
  const before = await restarts();
  // The first signal drains, the second ends it at once; a SIGKILL from inside its own namespace would not reach process 1.
  await namespace.kubectl([
    'exec',
    pod,
    '-c',
    container,
    '--',
    '/nodejs/bin/node',
    '-e',
    'process.kill(1, "SIGTERM"); process.kill(1, "SIGTERM")',
  ]);
  await waitFor(`the restart of ${container}`, async () => (await restarts()) !== before, { timeoutMs: 60_000 });
}
