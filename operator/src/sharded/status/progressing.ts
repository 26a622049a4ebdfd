import type { ProgressingReason } from '@motif/api/conditions';
import type { Pass } from '../pass.ts';
import { isAutoscaled, statedReplicas } from '../replicas.ts';
import { isSuspended, routerReplicas } from '../spec.ts';
import type { Finding, Policy } from './finding.ts';
import { names } from './finding.ts';

/** Whether something is on its way. */
export interface Progress extends Finding<ProgressingReason> {
  readonly active: boolean;
}

/** What can be under way, what holds the rest up first. */
export const progressingPolicies: readonly Policy<Progress>[] = [
  blocked,
  suspending,
  resizing,
  scalingDown,
  suspended,
  creating,
  rollingOut,
  remaking,
  scalingUp,
  scalingReplicas,
  rollingOutRouter,
];

export const CONVERGED: Progress = { active: false, reason: 'Converged', message: 'what runs is what is wanted' };

/** Nothing goes on over data of another placement, or with names that cannot be told apart. */
function blocked({ sharding, collision }: Pass): Progress | undefined {
  if (sharding.kind === 'Matches' && collision === undefined) return undefined;
  return { active: true, reason: 'Blocked', message: 'nothing is changed until what Degraded says is mended' };
}

function suspending({ world }: Pass): Progress | undefined {
  const running = world.shardPods.size + world.routerPods.length;
  if (!isSuspended(world.resource) || running === 0) return undefined;
  return { active: true, reason: 'Suspending', message: 'pods are going' };
}

/** What waits for running shards waits for the end of the suspension. */
function suspended({ world }: Pass): Progress | undefined {
  if (!isSuspended(world.resource)) return undefined;
  return { active: false, reason: 'Converged', message: 'suspended: nothing runs' };
}

/** From the first pass until all shards have been complete once. */
function creating({ world, shards }: Pass): Progress | undefined {
  const before = world.resource.status?.conditions?.find(({ type }) => type === 'Progressing');
  if (before !== undefined && before.reason !== 'Creating') return undefined;
  const unready = shards.filter(({ complete }) => !complete).map(({ name }) => name);
  return unready.length === 0
    ? undefined
    : { active: true, reason: 'Creating', message: `${names(unready)} to become ready` };
}

function resizing({ volumes }: Pass): Progress | undefined {
  if (volumes.pending.length + volumes.grow.length === 0) return undefined;
  if (volumes.refused !== undefined) return { active: true, reason: 'Blocked', message: 'claims cannot grow' };
  return { active: true, reason: 'Resizing', message: 'claims grow; StatefulSets are replaced around their pods' };
}

function rollingOut({ rollout, shards }: Pass): Progress | undefined {
  const { rollingReplicas } = rollout;
  if (rollout.rolling === undefined && rollingReplicas.length + rollout.waiting.length === 0) return undefined;
  const nameOf = (index: number) => shards.find((shard) => shard.index === index)?.name ?? String(index);
  const waiting = rollout.waiting.length === 0 ? '' : `; ${names(rollout.waiting.map(nameOf))} to follow`;
  const blocking = shards.filter(({ index, problem }) => rollout.blockedBy.includes(index) && problem !== undefined);
  if (blocking.length > 0) {
    const message = `held up by ${names(blocking.map(({ name }) => name))}${waiting}`;
    return { active: true, reason: 'Blocked', message };
  }
  const now = [
    ...(rollingReplicas.length === 0 ? [] : [`one replica at a time of ${names(rollingReplicas.map(nameOf))}`]),
    ...(rollout.rolling === undefined ? [] : [`shard ${nameOf(rollout.rolling)}`]),
  ].join(', ');
  const message = `${now === '' ? 'waiting for all shards to be ready' : now}${waiting}`;
  return { active: true, reason: 'RollingOut', message };
}

function remaking({ shards, members }: Pass): Progress | undefined {
  const missing = shards.filter(({ name, exists }) => !exists && members?.has(name) !== false);
  if (missing.length === 0) return undefined;
  return { active: true, reason: 'Creating', message: `${names(missing.map(({ name }) => name))} to be made` };
}

function scalingUp({ shards, members }: Pass): Progress | undefined {
  const joining = shards.filter(({ name }) => members?.has(name) === false);
  if (joining.length === 0) return undefined;
  const message = `${names(joining.map(({ name }) => name))} to join; keys move once all of them are ready`;
  return { active: true, reason: 'Scaling', message };
}

/** From when a change of the resource gives a shard more or fewer replicas until all that it is to have are ready. */
function scalingReplicas({ world, shards }: Pass): Progress | undefined {
  const { resource, statefulSets } = world;
  const before = resource.status?.conditions?.find(({ type }) => type === 'Progressing');
  const went = before?.status === 'True' && ['Scaling', 'RollingOut'].includes(before.reason);
  const changing = shards.filter(({ index, complete, replicas }) => {
    const live = statefulSets.get(index)?.spec.replicas;
    const stated = isAutoscaled(resource, index) ? replicas : statedReplicas(resource, index);
    return (live !== undefined && live !== stated) || (went && !complete && replicas > 1);
  });
  if (changing.length === 0) return undefined;
  return { active: true, reason: 'Scaling', message: `replicas of ${names(changing.map(({ name }) => name))}` };
}

function scalingDown({ deletions }: Pass): Progress | undefined {
  if (deletions.now.length === 0) return undefined;
  return { active: true, reason: 'Scaling', message: `${names(deletions.now)} to be deleted` };
}

function rollingOutRouter({ world }: Pass): Progress | undefined {
  const { metadata, status } = world.router ?? {};
  if (world.resource.spec.router.replicas === 0) return undefined;
  const wanted = routerReplicas(world.resource);
  const seen = metadata !== undefined && (status?.observedGeneration ?? 0) >= (metadata.generation ?? 1);
  const done = seen && (status?.updatedReplicas ?? 0) >= wanted && (status?.replicas ?? 0) <= wanted;
  return done ? undefined : { active: true, reason: 'RollingOut', message: 'the router' };
}
