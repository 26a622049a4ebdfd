import { resources } from '@motif/kube';
import { shardAutoscaler } from '../desired/autoscaler.ts';
import { routerBudget, shardBudgets } from '../desired/disruption-budget.ts';
import { type DataPlane, routerDeployment } from '../desired/router-deployment.ts';
import { routerService } from '../desired/router-service.ts';
import { shardsService } from '../desired/shards-service.ts';
import type { Deployment, StatefulSet } from '../kinds.ts';
import { headlessName } from '../names.ts';
import { liveOf } from '../plan/live.ts';
import type { ShardPlan } from '../plan/plan.ts';
import { isAutoscaled } from '../replicas.ts';
import { shardCount } from '../spec.ts';
import type { Caches } from '../world/gather.ts';
import { isOurs, type World } from '../world/world.ts';
import type { Actor } from './actor.ts';
import { leaveReplicas } from './leave-replicas.ts';

/** What stands around the shards, whether they run or not. */
export async function ensureSurroundings(actor: Actor, world: World, caches: Caches): Promise<void> {
  const { resource } = world;
  const { name, namespace } = resource.metadata;
  const service = caches.services.store.get(`${namespace}/${headlessName(name)}`);
  await actor.ensure(resources.services, shardsService(resource), service);
  for (const budget of shardBudgets(resource)) {
    const live = caches.budgets.store.get(`${namespace}/${budget.metadata.name}`);
    await actor.ensure(resources.podDisruptionBudgets, budget, live);
  }
}

/** The StatefulSets whose turn it is, but for those that are being replaced. */
export async function ensureShards(actor: Actor, world: World, plan: ShardPlan): Promise<void> {
  for (const index of plan.rollout.apply) {
    const wanted = plan.wanted.get(index);
    if (wanted === undefined || index === plan.volumes.replace) continue;
    const live = world.statefulSets.get(index);
    const ours = isOurs(world.resource, live);
    if (wanted.spec.replicas === undefined) await leaveReplicas(actor, liveOf(world, index));
    const outcome = await actor.ensure<StatefulSet>(resources.statefulSets, wanted, live);
    const { name } = wanted.metadata;
    if (outcome.action === 'created') actor.tell('ShardCreated', `shard ${name} was created`, outcome.object);
    if (outcome.action !== 'updated') continue;
    if (live !== undefined && !ours) actor.tell('ShardAdopted', `shard ${name} was adopted`, outcome.object);
    else if (plan.rollout.outdated.includes(index))
      actor.tell('ShardRolledOut', `shard ${name}: ${outcome.difference}`, outcome.object);
    else if (ours && outcome.difference.startsWith('spec.replicas:'))
      actor.tell('ShardScaled', `shard ${name}: ${outcome.difference}`, outcome.object);
  }
}

/** The autoscalers of the shards that have one and are there. */
export async function ensureAutoscalers(actor: Actor, world: World): Promise<void> {
  const { resource } = world;
  for (let index = 0; index < shardCount(resource); index++) {
    const wanted = isAutoscaled(resource, index) ? shardAutoscaler(resource, index) : undefined;
    if (wanted === undefined || !world.statefulSets.has(index)) continue;
    await actor.ensure(resources.horizontalPodAutoscalers, wanted, world.autoscalers.get(index));
  }
}

/** The router, where one is wanted. */
export async function ensureRouter(actor: Actor, world: World, dataPlane: DataPlane): Promise<void> {
  const { resource } = world;
  if (resource.spec.router.replicas === 0) return;
  await actor.ensure<Deployment>(resources.deployments, routerDeployment(resource, dataPlane), world.router);
}

/** Apart from the Deployment: a Service of this name that is somebody else's must not keep the router from running. */
export async function ensureRouterAccess(actor: Actor, world: World): Promise<void> {
  const { resource } = world;
  if (resource.spec.router.replicas === 0) return;
  await actor.ensure(resources.podDisruptionBudgets, routerBudget(resource), world.routerBudget);
  await actor.ensure(resources.services, routerService(resource), world.routerService);
}
