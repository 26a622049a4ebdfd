import { parseQuantity } from '@motif/kit';

/** One shard's storage. Sizes are Kubernetes quantities. */
export interface ShardVolume {
  readonly index: number;
  readonly wanted: string;
  /** What the claim asks for; undefined: there is no claim yet. */
  readonly claimed: string | undefined;
  /** The claim's name and class, for the message. */
  readonly claim: string;
  readonly storageClass: string | undefined;
  /** Whether the class lets claims grow; undefined: it is not there, or not known. */
  readonly expandable: boolean | undefined;
  /** What the live StatefulSet's claim template asks for; undefined: no StatefulSet of ours. */
  readonly template: string | undefined;
  /** The StatefulSet controller would delete the claim along with the StatefulSet. */
  readonly claimTiedToSet: boolean;
}

export interface VolumesPlan {
  /** Claims to grow now. */
  readonly grow: readonly number[];
  /** StatefulSets that must first let go of their claims (`whenDeleted: Retain`). */
  readonly untie: readonly number[];
  /** The StatefulSet to replace around its pods now; one at a time. */
  readonly replace: number | undefined;
  /** Shards whose StatefulSet keeps its old claim template for now. */
  readonly pending: readonly number[];
  /** Why it cannot go on, if it cannot. */
  readonly refused: string | undefined;
}

/** Where nothing can be planned. */
export const NO_VOLUMES: VolumesPlan = { grow: [], untie: [], replace: undefined, pending: [], refused: undefined };

/**
 * How storage grows: all claims first; then, one at a time, the StatefulSets are replaced around their pods, because a claim template
 * cannot change. Where one class cannot expand, nothing is changed at all. Nothing ever shrinks.
 */
export function planVolumes(volumes: readonly ShardVolume[]): VolumesPlan {
  const short = volumes.filter(({ claimed, wanted }) => claimed !== undefined && isLess(claimed, wanted));
  const outgrown = volumes.filter(({ template, wanted }) => template !== undefined && isLess(template, wanted));
  const pending = outgrown.map(({ index }) => index);
  const fixed = short.find(({ expandable }) => expandable !== true);
  if (fixed !== undefined) return { grow: [], untie: [], replace: undefined, pending, refused: refusal(fixed) };
  if (short.length > 0)
    return { grow: short.map(({ index }) => index), untie: [], replace: undefined, pending, refused: undefined };
  const tied = outgrown.filter(({ claimTiedToSet }) => claimTiedToSet);
  const untie = tied.map(({ index }) => index);
  const replace = tied.length > 0 ? undefined : outgrown[0]?.index;
  return { grow: [], untie, replace, pending, refused: undefined };
}

/** Whether one size is smaller than another; `1Gi` and `1024Mi` are equal. */
export function isLess(a: string, b: string): boolean {
  return parseQuantity(a) < parseQuantity(b);
}

function refusal(volume: ShardVolume): string {
  const { claim, claimed, wanted, storageClass } = volume;
  const why =
    storageClass === undefined
      ? 'the claim names no storage class'
      : `storage class ${storageClass} ${volume.expandable === undefined ? 'was not found' : 'does not allow volumes to expand'}`;
  return `spec.storage.size is ${wanted} and claim ${claim} has ${claimed}: ${why}`;
}
