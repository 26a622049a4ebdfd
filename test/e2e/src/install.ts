import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestNamespace } from '@motif/cluster';
import { cluster } from '@motif/cluster/testing';

const root = join(import.meta.dirname, '../../..');

/** An operator of this suite alone: installed by the chart, serving nothing but this namespace, running in it. */
export interface InstalledOperator {
  /** The helm release; the Deployment is `<release>-operator`. */
  readonly release: string;
  uninstall(): Promise<void>;
}

/** Installs the operator for one namespace, whose name also makes the release's cluster-wide objects unlike those of other suites. */
export async function installOperator(
  namespace: TestNamespace,
  values: readonly string[] = [],
): Promise<InstalledOperator> {
  const release = namespace.name;
  const own = ['crds.enabled=false', 'rbac.aggregate=false', `operator.watchNamespaces={${namespace.name}}`, ...values];
  const sets = own.flatMap((value) => ['--set', value]);
  await cluster.helm(['install', release, join(root, 'charts/motif'), '-n', namespace.name, ...sets]);
  await namespace.kubectl(['rollout', 'status', `deployment/${release}-operator`, '--timeout=120s']);
  return {
    release,
    uninstall: async () => {
      await cluster.helm(['uninstall', release, '-n', namespace.name, '--wait']);
    },
  };
}

/** A manifest of `examples`, as a user applies it. */
export function example(file: 'cart.yaml' | 'prices.yaml' | 'client.yaml', folder = 'sharded-redis'): string {
  return readFileSync(join(root, 'examples', folder, file), 'utf8');
}

/** Waits until the resource says Ready for its present generation. @throws ClusterError with its status when it does not come to that */
export async function waitReady(namespace: TestNamespace, name: string, seconds = 120): Promise<void> {
  await namespace.kubectl([
    'wait',
    '--for=condition=Ready',
    `shardedservices.motif.dev/${name}`,
    `--timeout=${seconds}s`,
  ]);
}
