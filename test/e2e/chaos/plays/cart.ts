import { join } from 'node:path';
import { createRendezvous } from '@motif/api';
import { example } from '../../src/install.ts';
import { type Play, scriptsIn } from '../play.ts';

const SHARDS = ['cart-0', 'cart-1', 'cart-2'];

/** Thirty keys of each shard. */
function keysByShard(): Record<string, string[]> {
  const locator = createRendezvous(SHARDS.map((hashName) => ({ hashName, weight: 1 })));
  const keys: Record<string, string[]> = Object.fromEntries(SHARDS.map((shard) => [shard, []]));
  for (let n = 0; Object.values(keys).some((own) => own.length < 30); n++) {
    const bytes = Buffer.from(`key-${n}`);
    keys[SHARDS[locator.pick(bytes, 0, bytes.length)]!]!.push(`key-${n}`);
  }
  return keys;
}

/** `examples/sharded-redis`. */
export const CART: Play = {
  service: 'cart',
  shards: SHARDS,
  resource: example('cart.yaml'),
  client: example('client.yaml'),
  scripts: scriptsIn(join(import.meta.dirname, '../pods')),
  script: 'load.mjs',
  keys: keysByShard(),
};
