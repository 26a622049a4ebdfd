/** One shard as the planner sees it. */
export interface RolloutShard {
  readonly index: number;
  /**
   * `Missing`: not made yet. `Leaving`: its StatefulSet is being deleted, to be made anew. `Stopped`: nothing of it runs, by our own wish. `Current`: runs by the wanted template.
   * `Outdated`: the wanted template would restart it.
   */
  readonly form: 'Missing' | 'Leaving' | 'Stopped' | 'Current' | 'Outdated';
  /** Its pods are on their way to the newest template that its StatefulSet knows. */
  readonly updating?: boolean;
  /** Rolled and ready. */
  readonly settled: boolean;
  /** Cannot become ready by waiting: a bad image, no memory, no node. */
  readonly stuck: boolean;
}

export interface RolloutPlan {
  /** Shards whose StatefulSet may be brought to what is wanted now. */
  readonly apply: readonly number[];
  /** Outdated shards whose turn has not come. */
  readonly waiting: readonly number[];
  /** Shards that do not run by the wanted template. */
  readonly outdated: readonly number[];
  /** The shard of one replica that is being restarted, if one is. */
  readonly rolling: number | undefined;
  /** Shards of several replicas of which one at a time is being replaced. */
  readonly rollingReplicas: readonly number[];
  /** Shards that hold the others up. */
  readonly blockedBy: readonly number[];
}

/** Where nothing can be planned. */
export const NO_ROLLOUT: RolloutPlan = {
  apply: [],
  waiting: [],
  outdated: [],
  rolling: undefined,
  rollingReplicas: [],
  blockedBy: [],
};

/**
 * Whose turn it is among shards of one replica.
 *
 * Invariant: a running shard is restarted only when every other shard runs by the wanted template and is ready, so that never
 * two are away at once, and a bad template costs one shard. A shard that is stuck is away already: it is mended at once,
 * whatever the others do. One that is merely not ready (loading, say) is restarted only when it is the only such.
 */
export function planRollout(shards: readonly RolloutShard[]): RolloutPlan {
  const free = shards.filter(({ form }) => form !== 'Outdated' && form !== 'Leaving').map(({ index }) => index);
  const outdated = shards.filter(({ form }) => form === 'Outdated');
  const mended = outdated.filter(({ stuck }) => stuck);
  const unsettled = shards.filter((shard) => !shard.settled && shard.form !== 'Stopped');
  const next = mended.length > 0 ? undefined : nextOf(outdated, unsettled);
  const applied = new Set([...free, ...mended.map(({ index }) => index), ...(next === undefined ? [] : [next.index])]);
  const waiting = outdated.filter(({ index }) => !applied.has(index)).map(({ index }) => index);
  const updating = shards.find((shard) => shard.form === 'Current' && shard.updating);
  const rolling = mended[0] ?? next ?? updating ?? (outdated.length === 0 ? undefined : unsettled[0]);
  return {
    apply: [...applied].toSorted((a, b) => a - b),
    waiting,
    outdated: outdated.map(({ index }) => index),
    rolling: rolling?.index,
    rollingReplicas: [],
    blockedBy: next === undefined && waiting.length > 0 ? unsettled.map(({ index }) => index) : [],
  };
}

/** The lowest outdated shard, or the one that is not ready: nothing else may be away while it restarts. */
function nextOf(outdated: readonly RolloutShard[], unsettled: readonly RolloutShard[]): RolloutShard | undefined {
  const [away, ...more] = unsettled;
  if (away === undefined) return outdated[0];
  return more.length === 0 ? outdated.find(({ index }) => index === away.index) : undefined;
}
