import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cluster } from '@motif/cluster/testing';
import { systemClock, systemRandom } from '@motif/kit';
import {
  createKubeClient,
  inClusterConnection,
  isForbidden,
  isUnauthorized,
  type KubeConnection,
  kubeconfigConnection,
  resources,
} from '@motif/kube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const { configMaps } = resources;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
const clientOf = (connection: KubeConnection) =>
  createKubeClient({ connection, clock: systemClock, random: systemRandom, userAgent: 'motif-e2e' });

describe('credentials, on the real API server', () => {
  let admin: KubeConnection;
  let namespace: Awaited<ReturnType<typeof cluster.namespace>>;
  let directory: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    admin = await kubeconfigConnection({ clock: systemClock, path: cluster.kubeconfig });
    namespace = await cluster.namespace('credentials');
    directory = await mkdtemp(join(tmpdir(), 'motif-token-'));
    const { hostname, port } = new URL(admin.server);
    env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
    await writeFile(join(directory, 'ca.crt'), String((await admin.tls()).ca));
    await writeFile(join(directory, 'namespace'), namespace.name);
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
    await namespace?.remove();
  });

  const mount = (token: string) => writeFile(join(directory, 'token'), token);

  test('a pod’s token is accepted, a wrong one is told, and a rotated one is taken up by the call that was refused', async () => {
    await mount('wrong');
    const client = clientOf(await inClusterConnection({ env, clock: systemClock, directory }));
    expect(isUnauthorized(await failure(client.list(configMaps, { namespace: namespace.name })))).toBe(true);
    await mount(await namespace.kubectl(['create', 'token', 'default']));
    const forbidden = await failure(client.list(configMaps, { namespace: namespace.name }));
    expect(isForbidden(forbidden)).toBe(true);
    expect(String(forbidden)).toContain(`system:serviceaccount:${namespace.name}:default`);
    await client.close();
  });

  test('a CA that does not fit is refused at once, and the rotated one is taken up by the next call', async () => {
    let right = false;
    const tls = async () => ({ ...(await admin.tls()), ...(right ? {} : { ca: [] as unknown as string }) });
    const client = clientOf({ ...admin, tls });
    expect(await failure(client.list(configMaps, { namespace: namespace.name }))).toMatchObject({
      code: 'KubeConnectionFailed',
      retryable: false,
    });
    right = true;
    expect((await client.list(configMaps, { namespace: namespace.name })).items).not.toEqual([]);
    await client.close();
  });
});
