import { waitFor } from '@motif/cluster/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoErrors } from './expectations.ts';
import { LOADS, Scene, SHARDS } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open('chaos');
}, 300_000);

afterAll(() => scene?.close(), 180_000);

describe('under load on the real cluster', () => {
  it('a killed shard costs the keys of no other shard an answer', async () => {
    const reports = await scene.under(async () => {
      await scene.namespace.kubectl(['delete', 'pod', 'cart-1-0', '--grace-period=0', '--force']);
      await scene.podAgain('cart-1-0');
    });
    for (const load of LOADS) {
      expectNoErrors(reports[load], ['cart-0', 'cart-2']);
      expect(reports[load].broken).toBe(0);
    }
  });

  it('without an operator all traffic goes on, and it comes back by itself', async () => {
    const reports = await scene.under(async () => {
      await scene.namespace.kubectl([
        'delete',
        'pod',
        '-l',
        'app.kubernetes.io/component=operator',
        '--grace-period=0',
        '--force',
      ]);
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
    }
  });

  it('a killed router pod costs only the connections through it', async () => {
    const reports = await scene.under(async () => {
      const [pod] = (await scene.namespace.kubectl(['get', 'pods', '-l', 'motif.dev/role=router', '-o', 'name'])).split(
        '\n',
      );
      await scene.namespace.kubectl(['delete', pod!, '--grace-period=0', '--force']);
      await scene.namespace.kubectl(['rollout', 'status', 'deployment/cart-router', '--timeout=120s']);
    });
    for (const load of LOADS) expectNoErrors(reports[load], SHARDS);
    expect(reports['through-ambassador'].broken).toBe(0);
  });

  it('a killed ambassador comes back beside its application, which only has to connect again', async () => {
    const reports = await scene.under(async () => {
      await killContainer('through-ambassador', 'cart');
    });
    for (const load of LOADS) expectNoErrors(reports[load], SHARDS);
    expect(reports['through-ambassador'].broken).toBeGreaterThan(0);
    expect(reports['through-router'].broken).toBe(0);
  });
});

/** Kills a container's process from its node; the kubelet starts it again. */
async function killContainer(pod: string, container: string): Promise<void> {
  const path = `{.status.initContainerStatuses[?(@.name=="${container}")].restartCount}`;
  const restarts = () => scene.namespace.kubectl(['get', 'pod', pod, '-o', `jsonpath=${path}`]);
  const before = await restarts();
  // The first signal drains, the second ends it at once; a SIGKILL from inside its own namespace would not reach process 1.
  await scene.namespace.kubectl([
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
