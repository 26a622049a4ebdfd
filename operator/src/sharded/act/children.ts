import { resources } from '@motif/kube';
import { disruptionBudget } from '../desired/disruption-budget.ts';
import { type DataPlane, routerDeployment } from '../desired/router-deployment.ts';
import { routerService } from '../desired/router-service.ts';
import { shardsService } from '../desired/shards-service.ts';
import type { Deployment, StatefulSet } from '../kinds.ts';
import { headlessName, shardBudgetName } from '../names.ts';
import type { ShardPlan } from '../plan/plan.ts';
import type { Caches } from '../world/gather.ts';
import { isOurs, type World } from '../world/world.ts';
import type { Actor } from './actor.ts';

/** What stands around the shards, whether they run or not. */
export async function ensureSurroundings(actor: Actor, world: World, caches: Caches): Promise<void> {
  const { resource } = world;
  const { name, namespace } = resource.metadata;
  const service = caches.services.store.get(`${namespace}/${headlessName(name)}`);
  await actor.ensure(resources.services, shardsService(resource), service);
  const budget = caches.budgets.store.get(`${namespace}/${shardBudgetName(name)}`);
  await actor.ensure(resources.podDisruptionBudgets, disruptionBudget(resource, 'shard'), budget);
}

/** The StatefulSets whose turn it is, but for those that are being replaced. */
export async function ensureShards(actor: Actor, world: World, plan: ShardPlan): Promise<void> {
  for (const index of plan.rollout.apply) {
    const wanted = plan.wanted.get(index);
    if (wanted === undefined || index === plan.volumes.replace) continue;
    const live = world.statefulSets.get(index);
    const ours = isOurs(world.resource, live);
    const outcome = await actor.ensure<StatefulSet>(resources.statefulSets, wanted, live);
    const { name } = wanted.metadata;
    if (outcome.action === 'created') actor.tell('ShardCreated', `shard ${name} was created`, outcome.object);
    if (outcome.action !== 'updated') continue;
    if (live !== undefined && !ours) actor.tell('ShardAdopted', `shard ${name} was adopted`, outcome.object);
    else if (plan.rollout.outdated.includes(index))
      actor.tell('ShardRolledOut', `shard ${name}: ${outcome.difference}`, outcome.object);
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
  await actor.ensure(resources.podDisruptionBudgets, disruptionBudget(resource, 'router'), world.routerBudget);
  await actor.ensure(resources.services, routerService(resource), world.routerService);
}
