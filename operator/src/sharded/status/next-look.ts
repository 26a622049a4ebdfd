import { NameConflictError } from '@motif/kube';
import { RefusedError, TemplateError, VolumeRefusedError } from '../errors.ts';
import type { Pass } from '../pass.ts';
import { isSuspended } from '../spec.ts';
import { isReady } from '../world/pod-problem.ts';
import { REPLICA_GRACE_MS, UNREADY_GRACE_MS } from './degraded.ts';

/** While something is not ready its reason may be in the events, of which nothing wakes us. */
const UNREADY_LOOK_MS = 5_000;
/** What waits for a person is looked at again now and then: an object in the way is not in our caches. */
const REFUSED_LOOK_MS = 30_000;

/** Errors that trying again at once cannot mend; the status tells them. */
export function isLasting(error: unknown): boolean {
  return [NameConflictError, TemplateError, RefusedError, VolumeRefusedError].some((kind) => error instanceof kind);
}

/** After how many ms to look again although nothing may have changed; undefined when nothing is awaited. */
export function nextLook(pass: Pass, others: readonly (number | undefined)[]): number | undefined {
  const times = others.filter((time) => time !== undefined);
  if (pass.errors.some(isLasting) || pass.volumes.refused !== undefined) times.push(REFUSED_LOOK_MS);
  if (!isSuspended(pass.world.resource) && pass.sharding.kind === 'Matches') {
    for (const { ready, complete, unreadySince } of pass.shards) {
      const grace = ready ? REPLICA_GRACE_MS : UNREADY_GRACE_MS;
      const dueIn = (unreadySince ?? pass.world.now) + grace - pass.world.now;
      if (!complete) times.push(dueIn > 0 ? Math.min(dueIn + 1, UNREADY_LOOK_MS) : UNREADY_LOOK_MS);
    }
    if (pass.world.routerPods.some((pod) => !isReady(pod))) times.push(UNREADY_LOOK_MS);
  }
  if (pass.world.doubts.length > 0) times.push(UNREADY_LOOK_MS);
  return times.length === 0 ? undefined : Math.min(...times);
}
