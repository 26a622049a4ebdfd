import { cluster } from '@motif/cluster/testing';
import { systemClock, systemRandom } from '@motif/kit';
import { createKubeClient, type KubeClient, kubeconfigConnection } from '@motif/kube';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { cases } from '../../conformance/kube/cases.ts';

/** What Motif relies on, on a real API server; test/conformance/kube runs the same cases on the fake. */
describe('the real API server', () => {
  let client: KubeClient;
  let namespace: Awaited<ReturnType<typeof cluster.namespace>>;

  beforeAll(async () => {
    const connection = await kubeconfigConnection({ clock: systemClock, path: cluster.kubeconfig });
    client = createKubeClient({ connection, clock: systemClock, random: systemRandom, userAgent: 'motif-e2e' });
    namespace = await cluster.namespace('kube');
  });

  afterAll(async () => {
    await client?.close();
    await namespace?.remove();
  });

  for (const { name, run } of cases) test(name, () => run({ client, namespace: namespace.name }));
});
