import { cluster } from '@motif/cluster/testing';
import { systemClock, systemRandom } from '@motif/kit';
import {
  createInformer,
  createKubeClient,
  type Informer,
  type InformerObserver,
  type KubeClient,
  type KubeObject,
  kubeconfigConnection,
  resources,
} from '@motif/kube';
import { testDependencies } from '@motif/kube/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const { configMaps } = resources;

describe('an informer, while the real API server', () => {
  let client: KubeClient;
  let namespace: Awaited<ReturnType<typeof cluster.namespace>>;
  let informer: Informer;
  let running: Promise<void>;
  const stop = new AbortController();
  const failures: { kind: string; at: number }[] = [];
  const seen: string[] = [];

  beforeAll(async () => {
    const connection = await kubeconfigConnection({ clock: systemClock, path: cluster.kubeconfig });
    client = createKubeClient({ connection, clock: systemClock, random: systemRandom, userAgent: 'motif-e2e' });
    namespace = await cluster.namespace('breaks');
    const observer: InformerObserver = {
      listed: () => {},
      failed: (_resource, kind) => failures.push({ kind, at: systemClock.monotonic() }),
      state: () => {},
      handlerFailed: () => {},
    };
    informer = createInformer({
      ...testDependencies,
      client,
      observer,
      resource: configMaps,
      namespace: namespace.name,
    });
    informer.subscribe(({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
    running = informer.run(stop.signal);
    await informer.waitForSync(stop.signal);
  });

  afterAll(async () => {
    stop.abort();
    await running;
    await client?.close();
    await namespace?.remove();
  });

  const write = (name: string) => {
    const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: namespace.name } };
    // What may be carried out twice is made again until the server is back.
    return vi.waitFor(() => client.apply(configMaps, object), { timeout: 120_000, interval: 500 });
  };

  const catchesUp = () =>
    vi.waitFor(
      async () => {
        const { items } = await client.list(configMaps, { namespace: namespace.name });
        const versions = (objects: KubeObject[]) =>
          objects.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).sort();
        expect(versions(informer.store.list())).toEqual(versions(items));
      },
      { timeout: 60_000, interval: 500 },
    );

  test('is killed and comes back: nothing is lost, and the pauses keep it from a storm', async () => {
    await write('before');
    const server = cluster.part('kube-apiserver');
    failures.length = 0;
    await server.kill('SIGKILL');
    await systemClock.sleep(10_000);
    // Full jitter from 0.8 s on, doubling: on average five attempts in ten seconds; twenty would be a storm.
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(20);
    await server.start();
    await write('after');
    await catchesUp();
    expect(seen).toContain('added after');
    expect(seen.filter((event) => event.startsWith('deleted'))).toEqual([]);
  });

  test('stands still with its connections open: it is found out within 30 s', async () => {
    await catchesUp();
    const server = cluster.part('kube-apiserver');
    failures.length = 0;
    await server.kill('SIGSTOP');
    const since = systemClock.monotonic();
    try {
      await vi.waitFor(() => expect(failures).not.toEqual([]), { timeout: 45_000, interval: 200 });
    } finally {
      await server.kill('SIGCONT');
    }
    expect((failures[0]?.at ?? Number.POSITIVE_INFINITY) - since).toBeLessThan(30_000);
    await write('resumed');
    await catchesUp();
  });
});
