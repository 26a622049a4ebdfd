/** How one shard's data was placed, as far as anything of it is there. */
export interface PlacementEvidence {
  readonly index: number;
  /** The fingerprint that its claim, or its orphaned StatefulSet, carries. */
  readonly fingerprint: string;
  /** What carries it, for people: `claim data-cart-0-0`. */
  readonly source: string;
  /** The shard's StatefulSet is this resource's own: a change came by this resource, past its rules. */
  readonly owned: boolean;
}

export type ShardingVerdict =
  | { readonly kind: 'Matches' }
  /** Data of another placement is there and may be lost to its keys: nothing must be started over it. */
  | { readonly kind: 'Mismatch'; readonly message: string };

/**
 * Whether the shards may be started over the data that is there.
 *
 * The rules of the resource let placement change only under `onRemap: Remap`, so that data of a shard that this resource runs
 * follows. Data that another resource of the same name left behind is another matter: under `Refuse` it is not to be shadowed.
 */
export function judgeSharding(
  evidence: readonly PlacementEvidence[],
  wanted: string,
  allowsRemap: boolean,
): ShardingVerdict {
  if (allowsRemap) return { kind: 'Matches' };
  const foreign = evidence.filter(({ fingerprint, owned }) => !owned && fingerprint !== wanted);
  if (foreign.length === 0) return { kind: 'Matches' };
  const sources = foreign.map(({ source }) => source).join(', ');
  return {
    kind: 'Mismatch',
    message:
      `${sources} hold data that was placed by other shards or hashing than spec.sharding and spec.shards say; no shard is started. ` +
      'Restore the former values, or set spec.sharding.onRemap to Remap to go on without the keys that move',
  };
}
