import { errorMessage } from '@motif/kit';
import { NameConflictError } from '@motif/kube';
import { RefusedError, TemplateError, VolumeRefusedError } from '../errors.ts';
import type { Pass } from '../pass.ts';
import { isAutoscaled } from '../replicas.ts';
import { isSuspended } from '../spec.ts';
import { podProblem } from '../world/pod-problem.ts';
import type { Finding, Policy } from './finding.ts';
import { names } from './finding.ts';

/** A shard may be away for this long (a restart, a roll-out) before it counts as a fault. */
export const UNREADY_GRACE_MS = 30_000;

/** A replica beside others may be away for this long: it costs no one an answer, and a new one may take its time to start. */
export const REPLICA_GRACE_MS = 120_000;

/** An autoscaler without figures is no fault before the first pods have been measured. */
const AUTOSCALER_GRACE_MS = 120_000;

/** Failures in a row from which on a pass that fails is told in the status; before, it is mended without anyone noticing. */
const TELL_AFTER_FAILURES = 3;

/** What can be wrong, the cause before its consequences. */
export const degradedPolicies: readonly Policy[] = [
  nameConflict,
  templateInvalid,
  refusedByServer,
  hashNameCollision,
  shardingMismatch,
  shardCannotRun,
  volumeNotExpandable,
  routerCannotRun,
  deletionsWaiting,
  shardNotReady,
  replicaNotReady,
  autoscalerInactive,
  listDoubted,
  reconcileFailed,
];

function nameConflict({ errors }: Pass): Finding | undefined {
  const conflicts = errors.filter((error) => error instanceof NameConflictError);
  if (conflicts.length === 0) return undefined;
  return { reason: 'NameConflict', message: conflicts.map(({ message }) => message).join('; ') };
}

function templateInvalid({ errors }: Pass): Finding | undefined {
  const error = errors.find((candidate) => candidate instanceof TemplateError);
  return error === undefined ? undefined : { reason: 'TemplateInvalid', message: errorMessage(error) };
}

function refusedByServer({ errors }: Pass): Finding | undefined {
  const error = errors.find((candidate) => candidate instanceof RefusedError);
  return error === undefined ? undefined : { reason: 'RefusedByServer', message: errorMessage(error) };
}

function hashNameCollision({ collision }: Pass): Finding | undefined {
  return collision === undefined ? undefined : { reason: 'HashNameCollision', message: collision };
}

function shardingMismatch({ sharding }: Pass): Finding | undefined {
  return sharding.kind === 'Matches' ? undefined : { reason: 'ShardingMismatch', message: sharding.message };
}

/** The pod's own reason, of the first shard that has one. */
function shardCannotRun({ shards }: Pass): Finding | undefined {
  const stuck = shards.filter(({ problem }) => problem !== undefined);
  const problem = stuck[0]?.problem;
  if (problem === undefined) return undefined;
  const serving = stuck.every(({ ready }) => ready) ? 'replicas of ' : '';
  const subject = stuck.length === 1 ? 'shard' : 'shards';
  const message = `${serving}${subject} ${names(stuck.map(({ name }) => name))}: ${problem.message}`;
  return { reason: problem.reason, message };
}

function volumeNotExpandable({ volumes, errors }: Pass): Finding | undefined {
  const error = errors.find((candidate) => candidate instanceof VolumeRefusedError);
  const message = volumes.refused ?? (error === undefined ? undefined : errorMessage(error));
  return message === undefined ? undefined : { reason: 'VolumeNotExpandable', message };
}

function routerCannotRun({ world }: Pass): Finding | undefined {
  for (const pod of world.routerPods) {
    const problem = podProblem(pod, world.now, world.warning);
    if (problem !== undefined) return { reason: problem.reason, message: `router: ${problem.message}` };
  }
  const { router } = world;
  const silent =
    router !== undefined && world.routerPods.length === 0 ? world.warning(router.metadata.uid ?? '') : undefined;
  return silent === undefined ? undefined : { reason: silent.reason, message: `router: ${silent.message}` };
}

function deletionsWaiting({ world, deletions }: Pass): Finding | undefined {
  if (deletions.later.length === 0) return undefined;
  const { generation } = world.resource.metadata;
  return {
    reason: 'DeletionsWait',
    message:
      `${names(deletions.later)} are not in the specification, and nothing in generation ${generation} says why; ` +
      `to delete them set annotation motif.dev/confirm-deletes: "${generation}"`,
  };
}

function shardNotReady({ world, shards }: Pass): Finding | undefined {
  const late = lateShards(
    world,
    shards.filter(({ ready }) => !ready),
    UNREADY_GRACE_MS,
  );
  if (late.length === 0) return undefined;
  const verb = late.length === 1 ? 'is' : 'are';
  return {
    reason: 'ShardNotReady',
    message: `${names(late)} ${verb} not ready for more than ${UNREADY_GRACE_MS / 1000}s`,
  };
}

function replicaNotReady({ world, shards }: Pass): Finding | undefined {
  const serving = shards.filter(({ ready }) => ready);
  const late = lateShards(world, serving, REPLICA_GRACE_MS);
  if (late.length === 0) return undefined;
  return {
    reason: 'ReplicaNotReady',
    message: `replicas of ${names(late)} are not ready for more than ${REPLICA_GRACE_MS / 1000}s`,
  };
}

function lateShards({ resource, now }: Pass['world'], shards: Pass['shards'], grace: number): string[] {
  if (isSuspended(resource)) return [];
  return shards
    .filter(({ unreadySince }) => unreadySince !== undefined && now - unreadySince >= grace)
    .map(({ name }) => name);
}

/** An autoscaler that is at rest because nothing runs is well. */
function autoscalerInactive({ world }: Pass): Finding | undefined {
  for (const [index, { metadata, status }] of world.autoscalers) {
    if (!isAutoscaled(world.resource, index) || isSuspended(world.resource)) continue;
    const fault = status?.conditions?.find(
      ({ type, status: holds, reason, lastTransitionTime }) =>
        (type === 'ScalingActive' || type === 'AbleToScale') &&
        holds === 'False' &&
        reason !== 'ScalingDisabled' &&
        world.now - Date.parse(lastTransitionTime ?? '') >= AUTOSCALER_GRACE_MS,
    );
    if (fault === undefined) continue;
    const message = `autoscaler ${metadata.name}: ${fault.reason ?? fault.type}: ${fault.message ?? ''}`;
    return { reason: 'AutoscalerInactive', message };
  }
  return undefined;
}

function listDoubted({ world }: Pass): Finding | undefined {
  const [doubt] = world.doubts;
  if (doubt === undefined) return undefined;
  const { resource, before, after } = doubt;
  return {
    reason: 'ListDoubted',
    message: `the API server lists ${after} ${resource} where ${before} were; the last good state is kept`,
  };
}

function reconcileFailed({ errors, failures }: Pass): Finding | undefined {
  const [error] = errors;
  if (error === undefined || failures < TELL_AFTER_FAILURES) return undefined;
  return { reason: 'ReconcileFailed', message: errorMessage(error) };
}
