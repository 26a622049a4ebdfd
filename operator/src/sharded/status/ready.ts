import type { ReadyReason } from '@motif/api/conditions';
import type { Pass } from '../pass.ts';
import { isSuspended } from '../spec.ts';
import type { Finding } from './finding.ts';
import { names } from './finding.ts';

/** Whether all of the service can be used: every shard, and the router where there is one. */
export function readiness(pass: Pass): Finding<ReadyReason> & { readonly ready: boolean } {
  const { world, shards } = pass;
  if (isSuspended(world.resource)) return { ready: false, reason: 'Suspended', message: 'suspended by spec.suspend' };
  if (pass.epoch === undefined)
    return { ready: false, reason: 'ShardsNotReady', message: 'no topology is published yet' };
  const unready = shards.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length > 0) {
    const count = shards.length - unready.length;
    const message = `${count} of ${shards.length} shards are ready; not ready: ${names(unready)}`;
    return { ready: false, reason: 'ShardsNotReady', message };
  }
  const joining = shards.filter(({ name }) => pass.members?.has(name) === false).map(({ name }) => name);
  if (joining.length > 0)
    return { ready: false, reason: 'ShardsNotReady', message: `${names(joining)} do not have their keys yet` };
  if (world.resource.spec.router.replicas > 0 && (world.router?.status?.availableReplicas ?? 0) === 0) {
    return { ready: false, reason: 'RouterNotReady', message: 'no pod of the router is ready' };
  }
  return { ready: true, reason: 'AllShardsReady', message: `${shards.length} of ${shards.length} shards are ready` };
}
