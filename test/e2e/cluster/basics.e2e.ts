import { waitFor } from '@motif/cluster/base/wait';
import { cluster } from '@motif/cluster/testing';
import { describe, expect, it } from 'vitest';

import { clientPod, list, redisPod, service } from './pods.ts';

const claim = (name: string, storageClassName: string | undefined, storage = '1Gi') => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage } },
    ...(storageClassName ? { storageClassName } : {}),
  },
});
const grow = JSON.stringify({ spec: { resources: { requests: { storage: '2Gi' } } } });

it('has the versions that it says', async () => {
  const { serverVersion } = JSON.parse(await cluster.kubectl(['version', '-o', 'json']));
  expect(serverVersion.gitVersion).toBe('v1.34.4');
  expect(await cluster.helm(['version', '--template', '{{.Version}}'])).toMatch(/^v4\./);
});

describe('an application at the restricted level', () => {
  it('runs the public redis image, found by name from another pod, with a claim that outlives its pod', async () => {
    await using namespace = await cluster.namespace('basics');
    const store = redisPod(
      'store',
      { persistentVolumeClaim: { claimName: 'data' } },
      { args: ['--appendonly', 'yes'] },
    );
    await namespace.kubectl(
      ['apply', '-f', '-'],
      list(claim('data', undefined), store, service('store', 6379), clientPod('client')),
    );
    await namespace.kubectl(['wait', 'pod', '--all', '--for=condition=Ready', '--timeout=90s']);
    const ask = (...words: string[]) =>
      cluster.tryKubectl(['--namespace', namespace.name, 'exec', 'client', '--', 'redis-cli', '-h', 'store', ...words]);
    // kube-proxy learns of a pod's address a moment after the pod is ready
    const answers = (wanted: string, ...words: string[]) =>
      waitFor(`${wanted} from the store`, async () => (await ask(...words)).stdout.startsWith(wanted), {
        timeoutMs: 30_000,
      });
    await answers('OK', 'set', 'key', 'value');
    expect((await ask('config', 'get', 'dir')).stdout).toContain('/data');

    await namespace.kubectl(['delete', 'pod', 'store']);
    await namespace.kubectl(['apply', '-f', '-'], list(store));
    await namespace.kubectl(['wait', 'pod', 'store', '--for=condition=Ready', '--timeout=60s']);
    await answers('value', 'get', 'key');
  });

  it('is refused where it asks for more than the level allows', async () => {
    await using namespace = await cluster.namespace('basics');
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'root' },
      spec: { containers: [{ name: 'c', image: 'redis:7' }] },
    };
    const { code, stderr } = await cluster.tryKubectl(
      ['--namespace', namespace.name, 'apply', '-f', '-'],
      JSON.stringify(pod),
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain('violates PodSecurity "restricted');
  });
});

describe('storage classes', () => {
  it('standard, the default, lets a claim grow; fixed does not', async () => {
    await using namespace = await cluster.namespace('storage');
    const users = [
      redisPod('grows', { persistentVolumeClaim: { claimName: 'standard' } }),
      redisPod('stays', { persistentVolumeClaim: { claimName: 'fixed' } }),
    ];
    await namespace.kubectl(
      ['apply', '-f', '-'],
      list(claim('standard', undefined), claim('fixed', 'fixed'), ...users),
    );
    await namespace.kubectl(['wait', 'pvc', '--all', '--for=jsonpath={.status.phase}=Bound', '--timeout=60s']);
    await namespace.kubectl(['patch', 'pvc', 'standard', '--type=merge', '-p', grow]);
    await namespace.kubectl([
      'wait',
      'pvc',
      'standard',
      '--for=jsonpath={.status.capacity.storage}=2Gi',
      '--timeout=30s',
    ]);
    const refused = await cluster.tryKubectl([
      '--namespace',
      namespace.name,
      'patch',
      'pvc',
      'fixed',
      '--type=merge',
      '-p',
      grow,
    ]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('only dynamically provisioned pvc can be resized');
  });

  it('gives the volume back when its claim is deleted', async () => {
    const volume = await cluster.withNamespace('storage', async (namespace) => {
      await namespace.kubectl(
        ['apply', '-f', '-'],
        list(claim('data', undefined), redisPod('user', { persistentVolumeClaim: { claimName: 'data' } })),
      );
      await namespace.kubectl(['wait', 'pvc', 'data', '--for=jsonpath={.status.phase}=Bound', '--timeout=60s']);
      return namespace.kubectl(['get', 'pvc', 'data', '-o', 'jsonpath={.spec.volumeName}']);
    });
    expect(volume).toMatch(/^pvc-/);
    await waitFor('the volume to go', async () => (await cluster.tryKubectl(['get', 'pv', volume])).code !== 0, {
      timeoutMs: 30_000,
    });
  });
});

it('measures nodes and pods', async () => {
  expect(await cluster.kubectl(['top', 'nodes', '--no-headers'])).toMatch(/^node-1\s+\d+m/);
  expect(await cluster.kubectl(['top', 'pods', '--namespace=kube-system', '--no-headers'])).toContain('coredns');
});

it('removes a namespace also when its user fails', async () => {
  let name = '';
  const failed = cluster.withNamespace('fails', async (namespace) => {
    name = namespace.name;
    throw new Error('the test failed');
  });
  await expect(failed).rejects.toThrow('the test failed');
  expect((await cluster.tryKubectl(['get', 'namespace', name])).code).not.toBe(0);
});
