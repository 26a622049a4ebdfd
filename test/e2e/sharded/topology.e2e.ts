import { type KubeObject, resources } from '@motif/kube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

const FILE = '/etc/motif/topology/topology.json';

/** A pod that mounts the topology, as an ambassador does. */
function reader(): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'reader', labels: { 'motif.dev/uses.ssvc.cart': 'true' }, annotations: { theirs: 'kept' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: 'redis:7',
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', 'while true; do sleep 1; done'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'topology', mountPath: '/etc/motif/topology' }],
        },
      ],
      volumes: [{ name: 'topology', configMap: { name: 'cart-topology', optional: true } }],
    },
  };
}

describe('the topology', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('topo');
    await world.start();
    await world.apply(reader());
    await world.namespace.kubectl(['wait', '--for=condition=Ready', 'pod/reader', '--timeout=60s']);
    await world.apply(shardedService('cart', { shards: 2 }));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  /** Waits in the pod until the file is of this epoch or a later one; the time there, in ms. */
  const seenAt = async (epoch: number) => {
    const read = `sed -n 's/.*"epoch": \\([0-9]*\\).*/\\1/p' ${FILE} 2>/dev/null`;
    const script = `until [ "$(${read})" -ge ${epoch} ] 2>/dev/null; do sleep 0.05; done; date +%s%3N`;
    return Number(await world.namespace.kubectl(['exec', 'reader', '--', 'sh', '-c', script]));
  };

  test('reaches a pod that was there before the ConfigMap', async () => {
    const { epoch } = (await world.service('cart')).status ?? {};
    await seenAt(epoch ?? 1);
    const pod = await world.find<KubeObject>(resources.pods, 'reader');
    expect(pod?.metadata.annotations).toMatchObject({ theirs: 'kept', 'motif.dev/topology-epoch': expect.any(String) });
  });

  test('reaches every pod within seconds of a change, where a volume alone takes a minute', async () => {
    const { epoch = 0 } = (await world.service('cart')).status ?? {};
    const seen = seenAt(epoch + 1);
    await world.namespace.kubectl(['delete', 'pod', 'cart-1-0', '--wait=false']);
    const at = await seen;
    const map = await world.find<KubeObject>(resources.configMaps, 'cart-topology');
    const since = Date.parse(map?.metadata.annotations?.['motif.dev/epoch-since'] ?? '');
    console.info(`topology: ${at - since} ms from the decision to the file`);
    expect(at - since).toBeLessThan(10_000);
    await world.untilSettled('cart');
  });

  test('grows its epoch only when something else changes', async () => {
    const { epoch } = (await world.service('cart')).status ?? {};
    await world.patch('cart', { spec: { disruption: { maxUnavailable: 1 }, router: { service: { port: 7000 } } } });
    await world.untilSettled('cart');
    expect((await world.service('cart')).status?.epoch).toBe(epoch);
    await world.patch('cart', { spec: { failure: { timeout: '2s' } } });
    await world.untilSettled('cart');
    expect((await world.service('cart')).status?.epoch).toBe((epoch ?? 0) + 1);
  });

  test('keeps its count when the ConfigMap is deleted', async () => {
    const { epoch = 0 } = (await world.service('cart')).status ?? {};
    await world.client.delete(resources.configMaps, { namespace: world.ns, name: 'cart-topology' });
    await seenAt(epoch + 1);
  });
});
