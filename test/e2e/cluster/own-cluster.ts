import { homedir } from 'node:os';

import { createLayout, type Layout } from '@motif/cluster/base/layout';
import { EmbeddedCluster } from '@motif/cluster/handle/embedded';
import { bringUp } from '@motif/cluster/lifecycle/up';
import { ownLayout } from '@motif/cluster/prepare/facts';
import { prepareMachine } from '@motif/cluster/prepare/machine';

/** Where a cluster beside the shared one is, for tests that break theirs. */
export function namedLayout(name: string): Layout {
  const env = { ...process.env, MOTIF_CLUSTER_NAME: name };
  return createLayout({ checkout: ownLayout().checkout, home: homedir(), env });
}

/** Starts that cluster as far as it does not run. */
export async function startCluster(layout: Layout, nodes: number): Promise<EmbeddedCluster> {
  const { programs, archives } = await prepareMachine(() => {}, layout);
  await bringUp(layout, { nodes, programs, archives, say: () => {} });
  return new EmbeddedCluster(layout);
}
