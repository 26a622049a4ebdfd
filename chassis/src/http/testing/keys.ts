import type { HttpTopology } from '@motif/api';
import { createLocator } from '@motif/api/hashing/create-locator';

/** Keys for `x-shard-key`, by the shard that they belong to: so many each. */
export function keysByShard(topology: HttpTopology, each: number): string[][] {
  const locator = createLocator(topology.sharding, topology.shards);
  const keys: string[][] = topology.shards.map(() => []);
  for (let i = 0; keys.some((some) => some.length < each); i++) {
    const key = `user-${i}`;
    const some = keys[locator.pick(Buffer.from(key), 0, key.length)] as string[];
    if (some.length < each) some.push(key);
  }
  return keys;
}
