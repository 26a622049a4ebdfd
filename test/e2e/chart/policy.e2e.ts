import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestNamespace } from '@motif/cluster/testing';
import { cluster, waitFor } from '@motif/cluster/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { chart, helmOk } from './helm.ts';

/** The parts of the chart that say what the operator may do; installed without the operator itself. */
const RIGHTS = [
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
];

const folder = mkdtempSync(join(tmpdir(), 'motif-policy-'));
let namespace: TestNamespace;
let release: string;
let manifest: string;

beforeAll(async () => {
  namespace = await cluster.namespace('policy');
  release = namespace.name;
  const values = join(folder, 'values.json');
  writeFileSync(values, JSON.stringify({ operator: { watchNamespaces: [namespace.name] }, crds: { enabled: false } }));
  const rendered = await helmOk('template', release, chart, '--namespace', namespace.name, '--values', values);
  const rights = parseAllDocuments(rendered).filter((document) => RIGHTS.includes(String(document.get('kind'))));
  manifest = [...rights.map(String), ...kubectlReads()].join('---\n');
  await cluster.kubectl(['apply', '-f', '-'], manifest);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'subject', labels: { app: 'x' }, annotations: { theirs: 'kept' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: 'motif.local/tools:1',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
  await namespace.kubectl(['create', '-f', '-'], JSON.stringify(pod));
  // A policy is enforced a moment after it was made: until then a forbidden change would pass.
  const enforced = async () =>
    (await patch({ metadata: { labels: { probe: 'x' } } }, 'server')).stderr.includes('motif.dev/topology-epoch');
  await waitFor('the policy is enforced', enforced, { timeoutMs: 30_000 });
});

afterAll(async () => {
  await cluster.kubectl(['delete', '-f', '-', '--ignore-not-found'], manifest);
  await namespace.remove();
  rmSync(folder, { recursive: true });
});

/** kubectl reads what it is about to patch, which the operator itself has no need to. */
function kubectlReads(): string[] {
  const name = `${release}-kubectl`;
  const metadata = { name, namespace: namespace.name };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  const subjects = [{ kind: 'ServiceAccount', name: `${release}-operator`, namespace: namespace.name }];
  return [
    JSON.stringify({ apiVersion, kind: 'Role', metadata, rules }),
    JSON.stringify({ apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects }),
  ].map((text) => `${text}\n`);
}

/** Patches the pod as the operator's service account. */
async function patch(change: unknown, dryRun: 'none' | 'server' = 'none') {
  const user = `system:serviceaccount:${namespace.name}:${release}-operator`;
  const { code, stderr } = await cluster.tryKubectl([
    ...['--namespace', namespace.name, '--as', user, 'patch', 'pod', 'subject'],
    ...['--type', 'strategic', `--dry-run=${dryRun}`, '--patch', JSON.stringify(change)],
  ]);
  return { ok: code === 0, stderr };
}

const annotate = (annotations: Record<string, string | null>) => ({ metadata: { annotations } });

test('the operator may set, change and remove its one annotation', async () => {
  for (const value of ['a', 'b', null]) {
    expect(await patch(annotate({ 'motif.dev/topology-epoch': value }))).toMatchObject({ ok: true });
  }
});

describe('anything else of a pod is refused, and the message says what is allowed', () => {
  test.each([
    ['another annotation', annotate({ other: 'x' }), 'no annotation of a pod but motif.dev/topology-epoch'],
    ['a changed annotation', annotate({ theirs: 'y' }), 'no annotation of a pod but motif.dev/topology-epoch'],
    ['a removed annotation', annotate({ theirs: null }), 'no annotation of a pod but motif.dev/topology-epoch'],
    [
      'its own and another at once',
      annotate({ 'motif.dev/topology-epoch': 'z', other: 'x' }),
      'no annotation of a pod but',
    ],
    ['a label', { metadata: { labels: { app: 'y' } } }, 'nothing of a pod but the annotation'],
    ['a finalizer', { metadata: { finalizers: ['motif.dev/x'] } }, 'nothing of a pod but the annotation'],
    ['an image', { spec: { containers: [{ name: 'main', image: 'other:1' }] } }, 'nothing of a pod but the annotation'],
    ['a deadline', { spec: { activeDeadlineSeconds: 1 } }, 'nothing of a pod but the annotation'],
  ])('%s', async (_, change, message) => {
    expect(await patch(change)).toMatchObject({ ok: false, stderr: expect.stringContaining(message) });
  });

  test('deleting, evicting, entering it, its status, and Secrets: no right at all', async () => {
    const user = `system:serviceaccount:${namespace.name}:${release}-operator`;
    for (const action of [
      ['delete', 'pods'],
      ['patch', 'pods', '--subresource=status'],
      ['create', 'pods', '--subresource=eviction'],
      ['create', 'pods', '--subresource=exec'],
      ['get', 'secrets'],
    ]) {
      const asked = ['auth', 'can-i', ...action, '--namespace', namespace.name, '--as', user];
      const { stdout } = await cluster.tryKubectl(asked);
      expect({ action, answer: stdout.trim() }).toEqual({ action, answer: 'no' });
    }
  });
});

test('others change pods as ever', async () => {
  await namespace.kubectl(['label', 'pod', 'subject', 'by=someone-else']);
  await namespace.kubectl(['annotate', 'pod', 'subject', 'by=someone-else']);
});
