import { createHash } from 'node:crypto';
import type { MapEntry } from './map.ts';
import { compareBytes, type RangeEntry } from './range.ts';

/** Everything that decides where a key lives. */
export interface Placement {
  readonly algorithm: string;
  readonly hash: string;
  /** Two characters or `None`. */
  readonly hashTag: string;
  /** Request expressions, the first that is present counts; empty where the protocol says what the key is. */
  readonly key?: readonly string[];
  /** Of algorithm map. */
  readonly map?: readonly MapEntry[];
  /** Of algorithm range. */
  readonly range?: readonly RangeEntry[];
  /** In the order of their index. */
  readonly shards: readonly { readonly hashName: string; readonly weight: number }[];
}

/** The text that the fingerprint is taken of: JSON with fields in one order, so that equal placements have equal texts. */
export function placementText({ algorithm, hash, hashTag, key = [], map, range, shards }: Placement): string {
  const names = shards.map(({ hashName, weight }) => [hashName, weight]);
  // Texts of placements without a list stay what they were.
  const lists =
    algorithm === 'map'
      ? [sorted(map?.map(({ value, shard }) => [value, shard]))]
      : algorithm === 'range'
        ? [sorted(range?.map(({ from, shard }) => [from, shard]))]
        : [];
  return JSON.stringify(['motif.dev/placement/v1', algorithm, hash, hashTag, key, names, ...lists]);
}

/** The order in which entries are written means nothing. */
function sorted(entries: readonly [string, number][] = []): readonly [string, number][] {
  return entries.toSorted(([a], [b]) => compareBytes(a, b));
}

/**
 * What a shard's claim remembers of the placement its data was written under: two placements with one fingerprint put every
 * key on the same shard. 40 characters, fit for an annotation or a label.
 */
export function shardingFingerprint(placement: Placement): string {
  return `v1-${createHash('sha256').update(placementText(placement)).digest('hex').slice(0, 37)}`;
}
