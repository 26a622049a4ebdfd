import { isSuspended, routerReplicas, wantedReplicas } from '../spec.ts';
import { UNREADY_GRACE_MS } from './degraded.ts';
import type { Finding, Policy } from './finding.ts';
import { names } from './finding.ts';

/** Whether something is on its way; `active: false` says why it is not although it should be. */
export interface Progress extends Finding {
  readonly active: boolean;
}

type Facts = Parameters<Policy>[0];

/** What can be under way, what holds the rest up first. */
export const progressingPolicies: readonly Policy<Progress>[] = [
  suspended,
  stopped,
  growingVolumes,
  rollingOut,
  creating,
  scalingUp,
  scalingDown,
  starting,
  rollingOutRouter,
];

export const COMPLETE: Progress = {
  active: false,
  reason: 'Complete',
  message: 'everything is as the specification says',
};

function suspended({ world }: Facts): Progress | undefined {
  if (!isSuspended(world.resource)) return undefined;
  const running = [...world.shardPods.keys()];
  if (running.length === 0) return { active: false, reason: 'Suspended', message: 'suspended: nothing runs' };
  return { active: true, reason: 'Suspending', message: 'shards are being stopped' };
}

/** Nothing goes on over data of another placement, or with names that cannot be told apart. */
function stopped({ sharding, collision }: Facts): Progress | undefined {
  if (sharding.kind === 'Matches' && collision === undefined) return undefined;
  return {
    active: false,
    reason: 'Blocked',
    message: 'nothing is changed until the fault that Degraded names is mended',
  };
}

function growingVolumes({ volumes }: Facts): Progress | undefined {
  if (volumes.refused !== undefined || volumes.pending.length + volumes.grow.length === 0) return undefined;
  return {
    active: true,
    reason: 'GrowingVolumes',
    message: 'claims grow; StatefulSets are replaced around their pods',
  };
}

function rollingOut({ rollout, shards }: Facts): Progress | undefined {
  const nameOf = (index: number) => shards.find((shard) => shard.index === index)?.name ?? String(index);
  if (rollout.rolling === undefined && rollout.waiting.length === 0) return undefined;
  const waiting = rollout.waiting.length === 0 ? '' : `; ${names(rollout.waiting.map(nameOf))} to follow`;
  const blocking = shards.filter(({ index, problem }) => rollout.blockedBy.includes(index) && problem !== undefined);
  if (blocking.length > 0) {
    const by = names(blocking.map(({ name }) => name));
    return { active: false, reason: 'RolloutBlocked', message: `held up by ${by}${waiting}` };
  }
  const current =
    rollout.rolling === undefined ? 'waiting for all shards to be ready' : `restarting ${nameOf(rollout.rolling)}`;
  return { active: true, reason: 'RollingOut', message: `${current}${waiting}` };
}

function creating({ world, members, shards }: Facts): Progress | undefined {
  const everReady = world.resource.status?.conditions?.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  const begun = (world.resource.status?.observedGeneration ?? 0) > 1;
  const missing = shards.filter(({ exists }) => !exists);
  if (members !== undefined && (everReady || begun || missing.length === 0)) return undefined;
  return missing.length === 0
    ? undefined
    : { active: true, reason: 'Creating', message: `${names(missing.map(({ name }) => name))} to be created` };
}

function scalingUp({ shards, members }: Facts): Progress | undefined {
  const joining = shards.filter(({ name, exists }) => !exists || (members !== undefined && !members.has(name)));
  if (joining.length === 0) return undefined;
  const message = `${names(joining.map(({ name }) => name))} to join; keys move once all of them are ready`;
  return { active: true, reason: 'ScalingUp', message };
}

function scalingDown({ deletions }: Facts): Progress | undefined {
  if (deletions.now.length === 0) return undefined;
  return { active: true, reason: 'ScalingDown', message: `${names(deletions.now)} to be deleted` };
}

/** Only as long as it may be normal; later the same shard is a fault. */
function starting({ world, shards }: Facts): Progress | undefined {
  const fresh = shards.filter(({ ready, problem, unreadySince }) => {
    const late = unreadySince !== undefined && world.now - unreadySince >= UNREADY_GRACE_MS;
    return !ready && problem === undefined && !late;
  });
  if (fresh.length === 0) return undefined;
  return { active: true, reason: 'ShardsStarting', message: `${names(fresh.map(({ name }) => name))} starting` };
}

function rollingOutRouter({ world }: Facts): Progress | undefined {
  if (routerReplicas(world.resource) === 0) return undefined;
  const wanted = wantedReplicas(world.resource, 'router');
  const { metadata, status } = world.router ?? {};
  const seen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1);
  const done = seen && (status?.updatedReplicas ?? 0) >= wanted && (status?.replicas ?? 0) <= wanted;
  return done ? undefined : { active: true, reason: 'RollingOutRouter', message: 'the router is being rolled out' };
}
