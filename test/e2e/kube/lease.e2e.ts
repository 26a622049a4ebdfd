import { randomUUID } from 'node:crypto';
import { cluster } from '@motif/cluster/testing';
import { silentLogger, systemClock, systemRandom } from '@motif/kit';
import { createEventRecorder, createKubeClient, type KubeClient, kubeconfigConnection, resources } from '@motif/kube';
import { LeaderElector } from '@motif/operator/runtime/index';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

describe('on the real API server', () => {
  let client: KubeClient;
  let namespace: Awaited<ReturnType<typeof cluster.namespace>>;
  const dependencies = { clock: systemClock, random: systemRandom, logger: silentLogger() };

  beforeAll(async () => {
    const connection = await kubeconfigConnection({ clock: systemClock, path: cluster.kubeconfig });
    client = createKubeClient({ connection, ...dependencies, userAgent: 'motif-e2e' });
    namespace = await cluster.namespace('lease');
  });

  afterAll(async () => {
    await client?.close();
    await namespace?.remove();
  });

  const elector = (name: string) =>
    new LeaderElector({
      client,
      ...dependencies,
      namespace: namespace.name,
      name: 'operator',
      identity: `${name}_${randomUUID()}`,
    });

  test('one leads, the other waits and takes over when the lease is given back; the lease says who and how often', async () => {
    const [first, second] = [elector('first'), elector('second')];
    const stop = new AbortController();
    await first.acquire(stop.signal);
    const waiting = second.acquire(stop.signal);
    const ended = new AbortController();
    const holding = first.hold(ended.signal);
    const renewals = async () =>
      (await client.get(resources.leases, { namespace: namespace.name, name: 'operator' })).spec;
    const before = await renewals();
    await vi.waitFor(async () => expect(await renewals()).not.toEqual(before), { timeout: 15_000 });
    expect([first.leads, second.leads]).toEqual([true, false]);
    ended.abort();
    await holding;
    await first.release();
    await waiting;
    expect([first.leads, second.leads]).toEqual([false, true]);
    expect(await renewals()).toMatchObject({ holderIdentity: expect.stringMatching(/^second_/), leaseTransitions: 1 });
    await second.release();
  });

  test('kubectl shows an event of ours with the object it is about', async () => {
    const labels = {};
    const about = await client.create(resources.configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'about', namespace: namespace.name, labels },
    });
    const recorder = createEventRecorder({
      client,
      ...dependencies,
      controller: 'motif.dev/operator',
      instance: 'e2e',
    });
    recorder.record(about, { type: 'Warning', reason: 'NameConflict', action: 'Reconcile', note: 'Left cart-0 alone' });
    await recorder.flush();
    const shown = await namespace.kubectl(['describe', 'configmap', 'about']);
    expect(shown).toMatch(/Warning\s+NameConflict\s+\S+\s+motif\.dev\/operator.*Left cart-0 alone/);
  });
});
