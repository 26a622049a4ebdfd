import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@motif/kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inClusterConnection } from './in-cluster.ts';
import { kubeconfigConnection } from './kubeconfig.ts';

let directory: string;
let clock: FakeClock;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'motif-connection-'));
  clock = new FakeClock();
});

afterEach(() => rm(directory, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(directory, name), text);

describe('in a pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

  beforeEach(() => Promise.all([write('token', 'one\n'), write('namespace', 'motif-system'), write('ca.crt', 'CA 1')]));

  test('address, namespace, CA and token come from the environment and the mounted files', async () => {
    const connection = await inClusterConnection({ env, clock, directory });
    expect(connection).toMatchObject({ server: 'https://10.96.0.1:443', namespace: 'motif-system' });
    expect(await connection.tls()).toEqual({ ca: 'CA 1' });
    expect(await connection.headers(false)).toEqual({ authorization: 'Bearer one' });
    const six = await inClusterConnection({ env: { ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' }, clock, directory });
    expect(six.server).toBe('https://[fd00::1]:443');
  });

  test('a rotated token is taken up after a minute, or at once when the old one was refused; a rotated CA with the next pool', async () => {
    const connection = await inClusterConnection({ env, clock, directory });
    await Promise.all([write('token', 'two'), write('ca.crt', 'CA 2')]);
    expect(await connection.headers(false)).toEqual({ authorization: 'Bearer one' });
    expect(await connection.headers(true)).toEqual({ authorization: 'Bearer two' });
    await write('token', 'three');
    clock.advance(60_000);
    expect(await connection.headers(false)).toEqual({ authorization: 'Bearer three' });
    expect(await connection.tls()).toEqual({ ca: 'CA 2' });
  });

  test('the last good token serves while the file cannot be read', async () => {
    const connection = await inClusterConnection({ env, clock, directory });
    await rm(join(directory, 'token'));
    clock.advance(60_000);
    expect(await connection.headers(false)).toEqual({ authorization: 'Bearer one' });
  });

  test('what is missing is named', async () => {
    await expect(inClusterConnection({ env: {}, clock, directory })).rejects.toThrow(
      /KUBERNETES_SERVICE_HOST is not set/,
    );
    await rm(join(directory, 'token'));
    await expect(inClusterConnection({ env, clock, directory })).rejects.toThrow(/cannot read .*token/);
  });
});

describe('with a kubeconfig', () => {
  const data = (text: string) => Buffer.from(text).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'a',
    contexts: [
      { name: 'a', context: { cluster: 'one', user: 'certificate', namespace: 'shop' } },
      { name: 'b', context: { cluster: 'one', user: 'token' } },
    ],
    clusters: [
      { name: 'one', cluster: { server: 'https://127.0.0.1:6443/', 'certificate-authority-data': data('CA') } },
    ],
    users: [
      { name: 'certificate', user: { 'client-certificate-data': data('CERT'), 'client-key-data': data('KEY') } },
      { name: 'token', user: { token: 'secret' } },
    ],
  };

  test('address, namespace and credentials come from the context', async () => {
    await write('config', JSON.stringify(config));
    const path = join(directory, 'config');
    const first = await kubeconfigConnection({ clock, path });
    expect(first).toMatchObject({ server: 'https://127.0.0.1:6443', namespace: 'shop' });
    const { ca, cert, key } = await first.tls();
    expect([ca, cert, key].map(String)).toEqual(['CA', 'CERT', 'KEY']);
    expect(await first.headers(false)).toEqual({});
    const second = await kubeconfigConnection({ clock, path, context: 'b' });
    expect(second.namespace).toBe('default');
    expect(await second.headers(false)).toEqual({ authorization: 'Bearer secret' });
  });

  test('a missing file, and a context that is not there, are named', async () => {
    const path = join(directory, 'config');
    await expect(kubeconfigConnection({ clock, path })).rejects.toThrow(/cannot read the kubeconfig/);
    await write('config', JSON.stringify(config));
    await expect(kubeconfigConnection({ clock, path, context: 'c' })).rejects.toThrow(/no context "c"; it has a, b/);
  });
});
