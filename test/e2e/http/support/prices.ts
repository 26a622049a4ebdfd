import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOwnership } from '../../../../examples/sharded-http/app/ownership.ts';
import { type Play, scriptsIn } from '../../chaos/play.ts';
import { CART } from '../../chaos/plays/cart.ts';
import { example } from '../../src/install.ts';

/** Tenant and article. */
export type Key = readonly [tenant: string, sku: string];

export const SHARDS = ['prices-0', 'prices-1', 'prices-2'];
const list = join(import.meta.dirname, '../../../../examples/sharded-http/app/prices.csv');

/** Everything on the example's price list, by the shard that owns it. */
export function keysByShard(): Record<string, Key[]> {
  const ownerOf = createOwnership('prices', SHARDS.length);
  const keys: Record<string, Key[]> = Object.fromEntries(SHARDS.map((shard) => [shard, []]));
  for (const line of readFileSync(list, 'utf8').trimEnd().split('\n').slice(1)) {
    const [tenant = '', sku = ''] = line.split(',');
    keys[SHARDS[ownerOf(tenant, sku)]!]!.push([tenant, sku]);
  }
  return keys;
}

/** The programs of the load's pods and of the counting service, by name. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  ...CART.scripts,
  ...scriptsIn(join(import.meta.dirname, '../pods')),
};

/** `examples/sharded-http`. */
export const PRICES: Play = {
  service: 'prices',
  shards: SHARDS,
  resource: example('prices.yaml', 'sharded-http'),
  client: example('client.yaml', 'sharded-http'),
  scripts: SCRIPTS,
  script: 'price-load.mjs',
  keys: keysByShard(),
};
