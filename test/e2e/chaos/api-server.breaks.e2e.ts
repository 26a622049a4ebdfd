import { setTimeout as pause } from 'node:timers/promises';
import { cluster } from '@motif/cluster/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectNoErrors } from './expectations.ts';
import { LOADS, Scene, SHARDS } from './scene.ts';

/** As long as the issue asks for: leases run out, watches end, and kubelets go on alone. */
const DOWN_MS = 60_000;
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open('api-down');
}, 300_000);

afterAll(() => scene?.close(), 180_000);

it('an API server that is away for a minute costs no client an answer, and the operator leads again without help', async () => {
  const reports = await scene.under(async () => {
    const server = cluster.part('kube-apiserver');
    await server.stop();
    await pause(DOWN_MS);
    await server.start();
    await scene.namespace.kubectl([
      'rollout',
      'status',
      `deployment/${scene.operator.release}-operator`,
      '--timeout=120s',
    ]);
  });
  for (const load of LOADS) {
    expectNoErrors(reports[load], SHARDS);
    expect(reports[load].broken).toBe(0);
    expect(reports[load].seconds).toBeGreaterThan(DOWN_MS / 1000);
  }
});

it('a shard that dies while the API server is away is found again afterwards', async () => {
  const reports = await scene.under(async () => {
    const server = cluster.part('kube-apiserver');
    await scene.namespace.kubectl(['delete', 'pod', 'cart-2-0', '--grace-period=0', '--force', '--wait=false']);
    await server.stop();
    await pause(10_000);
    await server.start();
    await scene.podAgain('cart-2-0');
  });
  for (const load of LOADS) expectNoErrors(reports[load], ['cart-0', 'cart-1']);
});
