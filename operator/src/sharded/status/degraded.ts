import { errorMessage } from '@motif/kit';
import { NameConflictError } from '@motif/kube';
import { RefusedError, TemplateError, VolumeRefusedError } from '../errors.ts';
import type { Pass } from '../pass.ts';
import { isSuspended } from '../spec.ts';
import { podProblem } from '../world/pod-problem.ts';
import type { Finding, Policy } from './finding.ts';
import { names } from './finding.ts';

/** A shard may be away for this long (a restart, a roll-out) before it counts as a fault. */
export const UNREADY_GRACE_MS = 30_000;

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
  const subject = stuck.length === 1 ? 'shard' : 'shards';
  return { reason: problem.reason, message: `${subject} ${names(stuck.map(({ name }) => name))}: ${problem.message}` };
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
  if (isSuspended(world.resource)) return undefined;
  const late = shards.filter(
    ({ ready, unreadySince }) => !ready && unreadySince !== undefined && world.now - unreadySince >= UNREADY_GRACE_MS,
  );
  if (late.length === 0) return undefined;
  const verb = late.length === 1 ? 'is' : 'are';
  return {
    reason: 'ShardNotReady',
    message: `${names(late.map(({ name }) => name))} ${verb} not ready for more than ${UNREADY_GRACE_MS / 1000}s`,
  };
}

function reconcileFailed({ errors, failures }: Pass): Finding | undefined {
  const [error] = errors;
  if (error === undefined || failures < TELL_AFTER_FAILURES) return undefined;
  return { reason: 'ReconcileFailed', message: errorMessage(error) };
}
