import type { TestNamespace } from '@motif/cluster';
import { cluster, waitFor } from '@motif/cluster/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../sharded/support/operator.ts';
import { shardedService } from '../sharded/support/resource.ts';
import { example, type InstalledOperator, installOperator, waitReady } from '../src/install.ts';

/** The whole way of a change: resource, operator, ConfigMap, annotation, kubelet, mounted file, container. */
const CHANGES = 20;
const ref = {
  group: 'motif.dev',
  version: 'v1alpha1',
  resource: 'shardedservices',
  kind: 'ShardedService',
  namespaced: true,
} as const;

let namespace: TestNamespace;
let operator: InstalledOperator;

beforeAll(async () => {
  namespace = await cluster.namespace('topology');
  operator = await installOperator(namespace);
});

afterAll(async () => {
  await operator.uninstall();
  await namespace.remove();
});

interface Line {
  readonly ts: string;
  readonly msg: string;
  readonly epoch: number;
  readonly reason?: string;
}

async function logOf(pod: string, container: string): Promise<Line[]> {
  const { code, stdout } = await cluster.tryKubectl(['-n', namespace.name, 'logs', pod, '-c', container]);
  return code === 0
    ? stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
}

/** When the container took each epoch over, in milliseconds since 1970. */
async function takenOver(pod: string): Promise<Map<number, number>> {
  const lines = (await logOf(pod, 'cart')).filter(({ msg }) => msg === 'topology in force');
  return new Map(lines.map(({ epoch, ts }) => [epoch, Date.parse(ts)]));
}

test('a pod that is there before the resource waits for its topology, says so, and starts when it comes', async () => {
  await namespace.kubectl(['create', '-f', '-'], example('client.yaml'));
  const waits = async () => (await logOf('client', 'cart')).find(({ msg }) => msg === 'no topology to load');
  const line = await waitFor('the ambassador says what it waits for', waits, { timeoutMs: 60_000 });
  expect(line.reason).toBe('/etc/motif/topology/topology.json does not exist');
  await namespace.kubectl(['create', '-f', '-'], JSON.stringify(shardedService('cart', { shards: 1 })));
  await waitReady(namespace, 'cart');
  await namespace.kubectl(['wait', '--for=condition=Ready', 'pod/client', '--timeout=60s']);
});

test(`${CHANGES} changes of the resource reach the container, each by the way of its pod's annotation`, async () => {
  const client = await connectClient();
  const delays: number[] = [];
  try {
    for (let change = 0; change < CHANGES; change++) {
      const before = Math.max(...(await takenOver('client')).keys());
      const failure = { timeout: `${1000 + change}ms` };
      const target = { namespace: namespace.name, name: 'cart' };
      await client.patch(ref, target, { type: 'merge', body: { spec: { failure } } });
      const accepted = Date.now();
      const arrived = await waitFor('the next epoch', async () => (await takenOver('client')).get(before + 1), {
        // A plain ConfigMap volume takes up to a minute and a half: within this only the annotation can have brought it.
        timeoutMs: 15_000,
      });
      delays.push(arrived - accepted);
    }
  } finally {
    await client.close();
  }
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  console.error(
    `topology: resource to container, ${CHANGES} changes: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, max ${at(1)} ms`,
  );
  expect(sorted).toHaveLength(CHANGES);
}, 300_000);
