import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { motifImage, prepareMachine } from '@motif/cluster';
import { cluster } from '@motif/cluster/testing';

const root = join(import.meta.dirname, '../../..');

/** Once for all suites, before any of them: our images are in the cluster and the definitions are served. Suites must not do it side by side. */
export async function setup(): Promise<void> {
  const prepared = await prepareMachine((line) => console.error(`images: ${line}`));
  for (const name of ['operator', 'sharding', 'example-sharded-http'])
    await cluster.loadImage(await motifImage(prepared, name));
  const folder = join(root, 'charts/motif/files/crds');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(folder, file)]);
    await cluster.kubectl(['wait', '--for=condition=Established', '-f', join(folder, file), '--timeout=30s']);
  }
}
