import { murmur3_x86_32 } from './murmur3.ts';

/** Two shards that `rendezvous/v1` could not tell apart: by index, both names and the hash they share. */
export interface HashNameCollision {
  readonly first: number;
  readonly second: number;
  readonly names: readonly [string, string];
  readonly hash: number;
}

/** A shard's part of its hash: murmur3_x86_32 over the UTF-8 bytes of its hash name, seed 0, as an unsigned number. */
export function hashOfName(hashName: string): number {
  const bytes = new TextEncoder().encode(hashName);
  return murmur3_x86_32(bytes, 0, bytes.length, 0) >>> 0;
}

/**
 * The first pair of hash names with the same hash (equal names too), or undefined. fmix32 is a bijection, so without such a
 * pair no key can ever tie between two shards.
 */
export function findHashNameCollision(hashNames: readonly string[]): HashNameCollision | undefined {
  const seen = new Map<number, number>();
  for (const [second, name] of hashNames.entries()) {
    const hash = hashOfName(name);
    const first = seen.get(hash);
    if (first !== undefined) return { first, second, names: [hashNames[first] as string, name], hash };
    seen.set(hash, second);
  }
  return undefined;
}
