import { isForbidden, isInvalid, isNotFound, resources } from '@motif/kube';
import { VolumeRefusedError } from '../errors.ts';
import type { Claim } from '../kinds.ts';
import { isLess, type VolumesPlan } from '../plan/volumes.ts';
import type { World } from '../world/world.ts';
import type { Actor } from './actor.ts';

/** Grows claims, and replaces one StatefulSet around its pods. */
export async function growVolumes(actor: Actor, world: World, plan: VolumesPlan): Promise<void> {
  const { storage } = world.resource.spec;
  for (const claim of plan.grow.flatMap((index) => world.claims.get(index) ?? [])) {
    const claimed = claim.spec.resources?.requests?.storage;
    if (storage !== undefined && claimed !== undefined && isLess(claimed, storage.size))
      await growClaim(actor, claim, storage.size);
  }
  if (plan.replace !== undefined) await releasePods(actor, world, plan.replace);
}

async function growClaim(actor: Actor, claim: Claim, size: string): Promise<void> {
  const { name, namespace } = claim.metadata;
  const body = { spec: { resources: { requests: { storage: size } } } };
  try {
    const options = { signal: actor.signal };
    await actor.client.patch(resources.persistentVolumeClaims, { namespace, name }, { type: 'merge', body }, options);
  } catch (error) {
    if (!isForbidden(error) && !isInvalid(error)) throw error;
    throw new VolumeRefusedError(`claim ${name} cannot grow to ${size}: ${error.body?.message ?? error.message}`, {
      cause: error,
    });
  }
  actor.tell('VolumeGrown', `claim ${name} was asked to grow to ${size}`, claim);
}

/** Deletes the StatefulSet alone; its pods run on and the next pass makes the new one, which adopts them. */
async function releasePods(actor: Actor, world: World, index: number): Promise<void> {
  const set = world.statefulSets.get(index);
  if (set === undefined) return;
  const { name, namespace, uid } = set.metadata;
  try {
    const options = { propagationPolicy: 'Orphan', preconditions: { uid }, signal: actor.signal } as const;
    await actor.client.delete(resources.statefulSets, { namespace, name }, options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  actor.tools.ownWrites.forget(set);
  actor.tell(
    'StatefulSetReplaced',
    `StatefulSet ${name} is replaced around its pods: its claim template cannot grow`,
    set,
  );
}
