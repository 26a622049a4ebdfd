import { isNotFound, type KubeObject, type ResourceRef, resources } from '@motif/kube';
import type { Claim, StatefulSet } from '../kinds.ts';
import { ANNOTATION, shardName } from '../names.ts';
import { type DeletionPlan, planDeletions, type Surplus } from '../plan/deletion.ts';
import { shardCount } from '../spec.ts';
import { isOurs, type World } from '../world/world.ts';
import type { Actor } from './actor.ts';
import type { Published } from './publish.ts';

/** One object that is too many. */
export interface SurplusObject {
  readonly ref: ResourceRef;
  readonly object: KubeObject;
  /** Its index, where it is a shard. */
  readonly shard?: number;
}

/** Containers hold the new topology well before a shard goes (2 s at the 99th percentile). */
const SETTLE_MS = 5_000;

/** Pure: what may go in this pass, the highest shards first. */
export function planSurplus(world: World, published: Published): DeletionPlan<SurplusObject> {
  const { resource } = world;
  const { annotations, generation } = resource.metadata;
  const waiting = resource.status?.conditions?.some(
    ({ type, status, reason }) => type === 'Degraded' && status === 'True' && reason === 'DeletionsWait',
  );
  return planDeletions({
    surplus: [...surplusShards(world, published), ...surplusRouter(world)],
    generation,
    confirmed: annotations?.[ANNOTATION.confirmDeletes],
    waiting: waiting ?? false,
  });
}

function surplusShards({ resource, statefulSets }: World, { leaving }: Published): Surplus<SurplusObject>[] {
  const { name } = resource.metadata;
  return [...statefulSets]
    .filter(([index, set]) => index >= shardCount(resource) && isOurs(resource, set))
    .toSorted(([a], [b]) => b - a)
    .map(([index, object]) => ({
      item: { ref: resources.statefulSets, object, shard: index },
      explained: leaving.has(shardName(name, index)),
    }));
}

/** The specification says that there is no router, and a router holds no data. */
function surplusRouter({ resource, router, routerBudget, routerService }: World): Surplus<SurplusObject>[] {
  if (resource.spec.router.replicas > 0) return [];
  const objects = [
    { ref: resources.services, object: routerService },
    { ref: resources.podDisruptionBudgets, object: routerBudget },
    { ref: resources.deployments, object: router },
  ];
  return objects.flatMap(({ ref, object }) =>
    object !== undefined && isOurs(resource, object) ? [{ item: { ref, object }, explained: true }] : [],
  );
}

/** Deletes what may go. @returns after how many ms to look again, where something is not due yet. */
export async function deleteSurplus(
  actor: Actor,
  world: World,
  published: Published,
  plan: DeletionPlan<SurplusObject>,
): Promise<number | undefined> {
  const settlesIn = published.since + SETTLE_MS - world.now;
  let again: number | undefined;
  for (const item of plan.now) {
    if (item.object.metadata.deletionTimestamp !== undefined) continue;
    if (item.shard !== undefined && settlesIn > 0) again = settlesIn;
    else if (item.shard !== undefined && (await settleClaim(actor, world, item.object as StatefulSet, item.shard)))
      again = 1_000;
    else await remove(actor, item);
  }
  return again;
}

/**
 * A StatefulSet that goes takes its claims along where it owns them: `claimRetention.whenScaled` decides, while the live one says
 * what `whenDeleted` says. @returns whether the claim's owner is still to be changed by the StatefulSet controller.
 */
async function settleClaim(actor: Actor, world: World, set: StatefulSet, index: number): Promise<boolean> {
  const wanted = world.resource.spec.claimRetention.whenScaled;
  const { name, namespace, uid } = set.metadata;
  if (set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted !== wanted) {
    const body = { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: wanted } } };
    const options = { signal: actor.signal };
    await actor.client.patch(resources.statefulSets, { namespace, name }, { type: 'merge', body }, options);
    return true;
  }
  const claim: Claim | undefined = world.claims.get(index);
  const tied = claim?.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
  return claim !== undefined && tied !== (wanted === 'Delete');
}

async function remove(actor: Actor, { ref, object, shard }: SurplusObject): Promise<void> {
  const { name, namespace, uid } = object.metadata;
  try {
    const options = { propagationPolicy: 'Background', preconditions: { uid }, signal: actor.signal } as const;
    await actor.client.delete(ref, { namespace, name }, options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  actor.tools.ownWrites.forget(object);
  actor.logger.info('Deleted a child', { kind: object.kind, name });
  if (shard !== undefined) actor.tell('ShardRemoved', `shard ${name} was removed`, object);
}
