import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Say, Target } from './target.ts';

/** Where the demo's own objects are. */
export const NAMESPACE = 'motif-demo';
export const OPERATOR_NAMESPACE = 'motif-system';
const EXAMPLE = 'examples/sharded-redis';

/** Installs or upgrades the operator by helm and waits until it runs. */
export async function installOperator({ tools, registry, adopt }: Target): Promise<void> {
  const values = registry === '' ? [] : ['--set', `image.registry=${registry}`];
  const place = ['--namespace', OPERATOR_NAMESPACE, '--create-namespace'];
  await tools.helm(['upgrade', '--install', 'motif', 'charts/motif', ...place, ...adopt, ...values]);
  await tools.kubectl(['-n', OPERATOR_NAMESPACE, 'rollout', 'status', 'deployment/motif-operator', '--timeout=120s']);
}

/** Applies the example in a namespace at the `restricted` level. */
export async function applyExample({ tools, registry }: Target): Promise<void> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } };
  await tools.kubectl(['apply', '-f', '-'], JSON.stringify(namespace));
  for (const file of ['cart.yaml', 'client.yaml']) {
    const manifest = readFileSync(`${EXAMPLE}/${file}`, 'utf8');
    const ours = registry === '' ? manifest : manifest.replaceAll('image: motif/', `image: ${registry}/motif/`);
    await tools.kubectl(['-n', NAMESPACE, 'apply', '-f', '-'], ours);
  }
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

interface Resource {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/**
 * Waits until the resource and the client's pod are ready, saying what the resource says of itself whenever that changes.
 * @throws Error with the resource's own conditions when it takes more than `seconds`
 */
export async function waitReady({ tools }: Target, say: Say, seconds: number): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  let said = '';
  for (;;) {
    const text = await tools.kubectl(['-n', NAMESPACE, 'get', 'shardedservices.motif.dev', 'cart', '-o', 'json']);
    const conditions = (JSON.parse(text) as Resource).status?.conditions ?? [];
    const line = conditions
      .map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`)
      .join('; ');
    if (line !== said) say(line);
    said = line;
    if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) break;
    if (performance.now() > end)
      throw new Error(`cart was not ready after ${seconds} s: ${line || 'it has no status; does the operator run?'}`);
    await pause(500);
  }
  await tools.kubectl(['-n', NAMESPACE, 'wait', '--for=condition=Ready', 'pod/client', `--timeout=${seconds}s`]);
}
