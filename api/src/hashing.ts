/** `@motif/api/hashing`: which shard a key belongs to. */

export { createLocator, type Sharding } from './hashing/create-locator.ts';
export { type Placement, placementText, shardingFingerprint } from './hashing/fingerprint.ts';
export { hashTagEnd, hashTagStart, NO_HASH_TAG, withHashTag } from './hashing/hash-tag.ts';
export type { Locator } from './hashing/locator.ts';
export type { MapEntry } from './hashing/map.ts';
export { fmix32, murmur3_x86_32 } from './hashing/murmur3.ts';
export { findHashNameCollision, type HashNameCollision, hashOfName } from './hashing/names.ts';
export { compareBytes, type RangeEntry } from './hashing/range.ts';
export { createRendezvous, MAX_WEIGHT, type WeightedName } from './hashing/rendezvous.ts';
