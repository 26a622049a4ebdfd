/** One replica of a shard of several as the planner sees it; they come in the order of their ordinals. */
export interface Replica {
  /** It runs by the newest template that its StatefulSet knows. */
  readonly updated: boolean;
  readonly ready: boolean;
  /** It is ready, has been for a moment, and who sends requests knows its address. */
  readonly settled: boolean;
  /** It cannot become ready by waiting: a bad image, no memory, no node. */
  readonly stuck: boolean;
}

/** One shard of several replicas. */
export interface SeveralShard {
  readonly index: number;
  /** Its StatefulSet has not been given the wanted template yet. */
  readonly outdated: boolean;
  /** Its StatefulSet's controller has seen the newest specification, so that `updated` speaks of that. */
  readonly seen: boolean;
  /** Its controller says that no roll-out is under way: every replica had the newest template and was ready. */
  readonly rolled: boolean;
  /** Pods of a lower ordinal keep their template, as its StatefulSet says now. */
  readonly partition: number;
  readonly replicas: readonly Replica[];
}

export interface ReplicaRollout {
  /** The partition that each StatefulSet that may be brought to what is wanted gets, by index. */
  readonly partitions: ReadonlyMap<number, number>;
  /** Shards whose turn has not come. */
  readonly waiting: readonly number[];
  /** Shards whose replicas are being replaced. */
  readonly rolling: readonly number[];
  /** Shards whose new replicas cannot run: nothing that runs is replaced until they can. */
  readonly broken: readonly number[];
}

/**
 * Whose turn it is where shards have several replicas: one replica at a time in all shards, the highest first.
 *
 * Invariants: of one shard a ready replica is replaced only while all its others are settled, or stuck by a former template, so that never two
 * are away by our doing. The first replica of all goes alone, so that a bad template costs one pod of the whole service; and while one cannot run by the new
 * template none that is ready is replaced. What is not ready is away already and gets the new template at once.
 */
export function planReplicas(shards: readonly SeveralShard[]): ReplicaRollout {
  const current = shards.filter(({ outdated }) => !outdated);
  const broken = current.filter(({ replicas }) => replicas.some(({ updated, stuck }) => updated && stuck));
  const rolling = current.filter(isRolling);
  const goes = broken.length === 0;
  const partitions = new Map(
    current.map((shard) => [shard.index, shard.seen ? nextPartition(shard, goes) : shard.partition]),
  );
  const proven = current.some(
    ({ replicas, seen }) => seen && replicas.some(({ updated, settled }) => updated && settled),
  );
  let alone = !proven && rolling.length === 0;
  const waiting: number[] = [];
  for (const shard of shards.filter(({ outdated }) => outdated)) {
    const first = firstPartition(shard, goes && (proven || alone));
    if (first === undefined) {
      waiting.push(shard.index);
      continue;
    }
    partitions.set(shard.index, first);
    alone = false;
  }
  const started = shards.filter(({ index, outdated }) => outdated && partitions.has(index));
  return {
    partitions,
    waiting,
    rolling: [...rolling, ...started].map(({ index }) => index).toSorted((a, b) => a - b),
    broken: broken.map(({ index }) => index),
  };
}

/** What the controller has not seen yet may be another number of replicas alone. */
function isRolling({ replicas, seen, rolled, partition }: SeveralShard): boolean {
  return !rolled || (seen ? replicas.some(({ updated }) => !updated) : partition > 0);
}

/** Where to begin with a template that none of the replicas has; undefined: not yet. */
function firstPartition(shard: SeveralShard, goes: boolean): number | undefined {
  const replicas = shard.replicas.map((replica) => ({ ...replica, updated: false }));
  const partition = nextPartition({ partition: replicas.length, replicas }, goes);
  return partition < replicas.length ? partition : undefined;
}

/**
 * The partition that lets the next replica go, or the present one.
 * @param goes whether a replica that is ready may go at all
 */
export function nextPartition(
  { partition, replicas }: Pick<SeveralShard, 'partition' | 'replicas'>,
  goes: boolean,
): number {
  let next = Math.min(partition, replicas.length);
  let away = false;
  for (const [ordinal, replica] of [...replicas.entries()].toReversed()) {
    if (!replica.updated && replica.ready) {
      const others = replicas.filter((_, other) => other !== ordinal);
      const alone = others.every(({ settled, stuck, updated }) => settled || (stuck && !updated));
      return goes && !away && alone ? Math.min(next, ordinal) : next;
    }
    if (!replica.updated) away = true;
    next = Math.min(next, ordinal);
  }
  return next;
}
