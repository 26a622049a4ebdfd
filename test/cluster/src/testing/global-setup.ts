import { ensureCluster } from '../ensure.ts';
import { takeDown } from '../lifecycle/down.ts';
import { withLock } from '../lifecycle/lock.ts';
import { ownLayout } from '../prepare/facts.ts';

/** Starts the cluster once for a whole run of vitest. */
export async function setup(): Promise<void> {
  await ensureCluster({ report: (line) => console.error(`cluster: ${line}`) });
}

/**
 * Leaves it running for the next run, which then begins at once; in CI, or with MOTIF_CLUSTER_DOWN=1, takes it down. MOTIF_CLUSTER_KEEP=1 says
 * that the next run follows in any case.
 */
export async function teardown(): Promise<void> {
  if (process.env.MOTIF_CLUSTER_KEEP === '1') return;
  if (!process.env.CI && process.env.MOTIF_CLUSTER_DOWN !== '1') return;
  const layout = ownLayout();
  await withLock(layout.lock, () => takeDown(layout));
}
