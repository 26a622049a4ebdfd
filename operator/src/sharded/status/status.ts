import type { Pass } from '../pass.ts';
import type { Condition, ShardedServiceStatus } from '../resource.ts';
import { degradedPolicies } from './degraded.ts';
import { type Finding, firstFinding } from './finding.ts';
import { CONVERGED, progressingPolicies } from './progressing.ts';
import { readiness } from './ready.ts';

const MAX_MESSAGE = 2048;

/**
 * The status after a pass.
 *
 * `observedGeneration` is the generation whose deletions are done: it stays behind while some are under way, because a deletion is
 * allowed by the change that asks for it. Each condition says for itself which generation it speaks of.
 */
export function statusOf(pass: Pass): ShardedServiceStatus & Record<string, unknown> {
  const { world, shards, deletions, rollout } = pass;
  const { metadata, status: previous } = world.resource;
  const ready = readiness(pass);
  const progress = firstFinding(progressingPolicies, pass) ?? CONVERGED;
  const fault = firstFinding(degradedPolicies, pass);
  const held = deletions.now.length > 0 && previous?.observedGeneration !== undefined;
  const observed = held ? previous.observedGeneration : metadata.generation;
  const epoch = pass.epoch ?? previous?.epoch;
  const changing = new Set([...rollout.outdated, ...rollout.rollingReplicas]);
  const condition = conditionMaker(pass);
  return {
    ...(observed === undefined ? {} : { observedGeneration: observed }),
    ...(epoch === undefined ? {} : { epoch }),
    dataPlaneVersion: pass.dataPlaneVersion,
    shards: world.statefulSets.size,
    readyShards: shards.filter(({ ready }) => ready).length,
    replicas: world.shardPods.size,
    readyReplicas: shards.reduce((sum, { readyReplicas }) => sum + readyReplicas, 0),
    updatedShards: shards.filter(({ index, exists }) => exists && !changing.has(index)).length,
    readyRouters: world.router?.status?.readyReplicas ?? 0,
    conditions: [
      condition('Ready', ready.ready, ready),
      condition('Progressing', progress.active, progress),
      condition('Degraded', fault !== undefined, fault ?? { reason: 'AsExpected', message: 'no fault is known' }),
    ],
  };
}

/** The time of a condition moves only when its status does. */
function conditionMaker({ world }: Pass): (type: string, holds: boolean, finding: Finding) => Condition {
  const { metadata, status } = world.resource;
  return (type, holds, { reason, message }) => {
    const previous = status?.conditions?.find((condition) => condition.type === type);
    const value = holds ? 'True' : 'False';
    const kept = previous?.status === value ? previous.lastTransitionTime : undefined;
    return {
      type,
      status: value,
      reason,
      message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1)}…` : message,
      lastTransitionTime: kept ?? new Date(world.now).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      observedGeneration: metadata.generation,
    };
  };
}
