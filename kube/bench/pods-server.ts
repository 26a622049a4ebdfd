import { resources } from '../src/index.ts';
import { FakeApiServer } from '../src/testing.ts';

/** A fake API server in a process of its own, with as many pods of ordinary size as argv[2] says. Prints its address. */
const count = Number(process.argv[2] ?? 10_000);
const server = await FakeApiServer.start();
for (let i = 0; i < count; i++) server.database.write(resources.pods, `shop/pod-${i}`, pod(i));
process.stdout.write(`${server.url}\n`);
process.stdin.resume().on('end', () => process.exit(0));

/** About 3.6 kB, of which more than a third are `managedFields`, as of a pod of a StatefulSet that runs. */
function pod(index: number) {
  const name = `pod-${index}`;
  const field = (prefix: string) => Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`f:${prefix}${i}`, {}]));
  const entry = (manager: string) => ({
    manager,
    operation: 'Update' as const,
    apiVersion: 'v1',
    time: '2026-11-21T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:metadata': field('meta'), 'f:spec': field('specification'), 'f:status': field('state') },
  });
  const env = Array.from({ length: 8 }, (_, i) => ({ name: `VARIABLE_${i}`, value: `value of ${i}` }));
  const resourcesOf = { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '128Mi' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      creationTimestamp: '2026-11-21T00:00:00Z',
      labels: { app: `app-${index % 100}`, 'motif.dev/service': `s${index % 50}`, 'motif.dev/kind': 'ShardedService' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 's', uid: `set-${index % 200}`, controller: true },
      ],
      managedFields: [entry('kube-controller-manager'), entry('kubelet')],
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'redis:7', env, resources: resourcesOf }] },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({ type, status: 'True' })),
    },
  };
}
