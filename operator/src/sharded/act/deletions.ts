import { isNotFound, type KubeObject, type ResourceRef, resources } from '@motif/kube';
import { shardBudgets } from '../desired/disruption-budget.ts';
import type { StatefulSet } from '../kinds.ts';
import { ANNOTATION, shardName } from '../names.ts';
import { type DeletionPlan, planDeletions, type Surplus } from '../plan/deletion.ts';
import { SETTLE_MS } from '../plan/settling.ts';
import { isAutoscaled } from '../replicas.ts';
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

/** Pure: what may go in this pass, the highest shards first. */
export function planSurplus(world: World, published: Published): DeletionPlan<SurplusObject> {
  const { resource } = world;
  const { annotations, generation } = resource.metadata;
  const waiting = resource.status?.conditions?.some(
    ({ type, status, reason }) => type === 'Degraded' && status === 'True' && reason === 'DeletionsWait',
  );
  return planDeletions({
    surplus: [
      ...surplusShards(world, published),
      ...surplusRouter(world),
      ...surplusBudgets(world),
      ...surplusAutoscalers(world, published),
    ],
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

/** A pod with two budgets cannot be evicted: those that the specification has no use for must not stay. */
function surplusBudgets({ resource, shardBudgets: live }: World): Surplus<SurplusObject>[] {
  const wanted = new Set(shardBudgets(resource).map(({ metadata }) => metadata.name));
  return live
    .filter((object) => !wanted.has(object.metadata.name) && isOurs(resource, object))
    .map((object) => ({ item: { ref: resources.podDisruptionBudgets, object }, explained: true }));
}

/** An autoscaler goes where the specification says that nobody but it decides, and with its shard. */
function surplusAutoscalers(
  { resource, autoscalers, statefulSets }: World,
  { leaving }: Published,
): Surplus<SurplusObject>[] {
  const { name } = resource.metadata;
  const idle = (index: number) =>
    index < shardCount(resource)
      ? !isAutoscaled(resource, index)
      : leaving.has(shardName(name, index)) || !statefulSets.has(index);
  return [...autoscalers]
    .filter(([index, object]) => idle(index) && isOurs(resource, object))
    .map(([, object]) => ({ item: { ref: resources.horizontalPodAutoscalers, object }, explained: true }));
}

/** Deletes what may go. @returns after how many ms to look again, where something is not due yet. */
export async function deleteSurplus(
  actor: Actor,
  world: World,
  published: Published,
  plan: DeletionPlan<SurplusObject>,
): Promise<number | undefined> {
  const settlesIn = published.leavingSince + SETTLE_MS - world.now;
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
  const claims = world.claims.get(index) ?? [];
  return claims.some(({ metadata }) => {
    const tied = metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
    return tied !== (wanted === 'Delete');
  });
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
