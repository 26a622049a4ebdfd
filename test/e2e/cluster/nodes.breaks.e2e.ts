import { waitFor } from '@motif/cluster/base/wait';
import type { EmbeddedCluster } from '@motif/cluster/handle/embedded';
import { takeDown } from '@motif/cluster/lifecycle/down';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { leftovers } from './leftovers.ts';
import { namedLayout, startCluster } from './own-cluster.ts';
import { clientPod, list, redisPod, service } from './pods.ts';

const layout = namedLayout('e2e-nodes');
let cluster: EmbeddedCluster;

beforeAll(async () => {
  await takeDown(layout);
  cluster = await startCluster(layout, 1);
});
afterAll(() => takeDown(layout));

/** `True`, `False` or `Unknown`. */
async function readiness(node: string): Promise<string> {
  const path = '{.status.conditions[?(@.type=="Ready")].status}';
  return cluster.kubectl(['get', 'node', node, '-o', `jsonpath=${path}`]);
}

it('gets a second node while it runs, and pods of both reach each other through a Service', async () => {
  await startCluster(layout, 2);
  await using namespace = await cluster.namespace('nodes');
  const objects = list(
    redisPod('store', { emptyDir: {} }, { node: 'node-2' }),
    service('store', 6379),
    clientPod('near', { node: 'node-2' }),
    clientPod('far', { node: 'node-1' }),
  );
  await namespace.kubectl(['apply', '-f', '-'], objects);
  await namespace.kubectl(['wait', 'pod', '--all', '--for=condition=Ready', '--timeout=60s']);
  for (const from of ['near', 'far']) {
    const command = ['--namespace', namespace.name, 'exec', from, '--', 'redis-cli', '-h', 'store', 'set', from, '1'];
    await waitFor(`an answer in ${from}`, async () => (await cluster.tryKubectl(command)).stdout.startsWith('OK'), {
      timeoutMs: 30_000,
    });
  }
});

it('takes a node away as if its plug were pulled, and brings it back', async () => {
  expect(cluster.nodes().map(({ name }) => name)).toEqual(['node-1', 'node-2']);
  const node = cluster.node('node-2');
  await node.kill();
  expect(node.running).toBe(false);
  await waitFor('node-2 to be lost', async () => (await readiness('node-2')) === 'Unknown', {
    timeoutMs: 60_000,
    everyMs: 500,
  });
  expect(await readiness('node-1')).toBe('True');
  await node.start();
  expect(await readiness('node-2')).toBe('True');
});

it('stops the API server and starts it again', async () => {
  const part = cluster.part('kube-apiserver');
  await part.stop();
  expect(part.process).toBeUndefined();
  expect((await cluster.tryKubectl(['get', 'nodes', '--request-timeout=3s'])).code).not.toBe(0);
  await part.start();
  expect(await cluster.kubectl(['get', 'nodes', '-o', 'name'])).toContain('node/node-1');
});

it('starts again what was killed, without touching the rest', async () => {
  const etcd = cluster.part('etcd').process;
  const killed = ['kube-scheduler', 'containerd-node-1', 'kubelet-node-2'];
  for (const name of killed) expect(cluster.part(name).kill()).toBe(true);
  await waitFor('their end', () => killed.every((name) => !cluster.part(name).process), { timeoutMs: 10_000 });
  await startCluster(layout, 1);
  for (const part of cluster.parts()) expect([part.name, await part.healthy()]).toEqual([part.name, true]);
  expect(cluster.part('etcd').process).toEqual(etcd);
  expect(cluster.state.nodes).toEqual(['node-1', 'node-2']);
});

it('says which part failed and shows the end of its log', async () => {
  const part = cluster.part('kube-scheduler');
  await part.stop();
  const broken = { ...part.spec, arguments: ['kube-scheduler', '--no-such-flag'] };
  const { Part } = await import('@motif/cluster');
  const failure = await new Part(layout, broken).start().catch((error: Error) => error.message);
  expect(failure).toMatch(/^kube-scheduler failed: it ended/);
  expect(failure).toContain('unknown flag: --no-such-flag');
  expect(failure).toContain(part.log);
  await part.start();
});

it('leaves nothing after down', async () => {
  await takeDown(layout);
  expect(await leftovers(layout)).toEqual([]);
});
