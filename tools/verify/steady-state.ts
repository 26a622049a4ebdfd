/** An operator at rest: what it asks of the API server while nothing changes, apart from renewing its lease. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Scene } from '../../test/e2e/chaos/scene.ts';
import { secondsFrom } from './arguments.ts';
import { parseMetrics, total } from './metrics.ts';
import { withScene } from './scene.ts';

interface Figures {
  readonly writes: number;
  readonly renewals: number;
  readonly reconciles: number;
}

/** Of all replicas. The lease is the only thing that the operator writes by PUT. */
async function figures({ namespace }: Scene): Promise<Figures> {
  const pods = await namespace.kubectl(['get', 'pods', '-l', 'app.kubernetes.io/component=operator', '-o', 'name']);
  const names = pods
    .trim()
    .split('\n')
    .map((pod) => pod.replace('pod/', ''));
  const pages = await Promise.all(
    names.map((pod) =>
      namespace.kubectl(['get', '--raw', `/api/v1/namespaces/${namespace.name}/pods/${pod}:9900/proxy/metrics`]),
    ),
  );
  const samples = pages.flatMap(parseMetrics);
  const calls = (methods: readonly string[]) =>
    total(samples, 'rest_client_requests_total', ({ method }) => methods.includes(method ?? ''));
  return {
    writes: calls(['POST', 'PATCH', 'DELETE']),
    renewals: calls(['PUT']),
    reconciles: total(samples, 'controller_runtime_reconcile_total', () => true),
  };
}

const seconds = secondsFrom(process.argv);
await withScene('steady', async (scene) => {
  await scene.healthy();
  // What the last change still brings (topology, status) is not the steady state.
  await pause(15_000);
  const before = await figures(scene);
  await pause(1000 * seconds);
  const after = await figures(scene);
  const writes = after.writes - before.writes;
  console.log(
    `steady-state: ${seconds} s, ${writes} writes, ${after.renewals - before.renewals} lease renewals, ${after.reconciles - before.reconciles} reconciles`,
  );
  process.exitCode = writes === 0 && after.renewals > before.renewals ? 0 : 1;
});
