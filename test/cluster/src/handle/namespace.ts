import { randomBytes } from 'node:crypto';

import type { Tools } from './tools.ts';

export interface NamespaceOptions {
  /** Put on the namespace; `pod-security.kubernetes.io/enforce: restricted` unless it says otherwise. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A namespace of one test; `await using` removes it at the end of its block, whatever happens there. */
export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
  /** kubectl in this namespace. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Deletes the namespace and waits until all of it is gone. */
  remove(): Promise<void>;
}

const enforce = 'pod-security.kubernetes.io/enforce';

export async function createNamespace(
  tools: Tools,
  prefix: string,
  options: NamespaceOptions = {},
): Promise<TestNamespace> {
  const name = `${prefix}-${randomBytes(3).toString('hex')}`;
  const labels = { [enforce]: 'restricted', ...options.labels };
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  await tools.kubectl(['create', '-f', '-'], JSON.stringify(manifest));
  const remove = async () => {
    await tools.kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait', '--timeout=120s']);
  };
  return {
    name,
    kubectl: (args, input) => tools.kubectl(['--namespace', name, ...args], input),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}
