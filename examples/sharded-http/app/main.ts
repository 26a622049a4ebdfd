/** The price service: one replica of one shard. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openCatalogue } from './catalogue.ts';
import { createOwnership } from './ownership.ts';
import { createPriceServer } from './server.ts';

/**
 * How long it goes on answering after SIGTERM, each answer ending its connection. Longer than a proxy keeps an idle connection to us (a second less
 * than the 5 s of our `Keep-Alive: timeout`), so that no request meets a connection that closes.
 */
const LAME_DUCK_MS = 6_000;

function required(name: string, pattern: RegExp): string {
  const value = process.env[name] ?? '';
  if (pattern.test(value)) return value;
  console.error(`${name}: found "${value}", allowed is what matches ${pattern}`);
  process.exit(1);
}

const service = required('SERVICE', /^[a-z][-a-z0-9]*$/);
const shard = Number(required('SHARD', /^[0-9]{1,3}$/));
const shards = Number(required('SHARDS', /^[1-9][0-9]{0,2}$/));
const port = Number(process.env.PORT ?? 8080);
const folder = process.env.DATA ?? '/data';
const ownerOf = createOwnership(service, shards);
const owns = (tenant: string, sku: string) => ownerOf(tenant, sku) === shard;
const source = join(import.meta.dirname, 'prices.csv');
const catalogue = openCatalogue({ source, folder, owns, identity: `${service} ${shard}/${shards}` });
const name = `${service}-${shard}`;
const { server, beginDraining } = createPriceServer({
  catalogue,
  owns,
  shard: name,
  instance: process.env.HOSTNAME ?? name,
});
server.listen(port, () => console.log(`${name}: ${catalogue.size} prices on port ${port}`));

process.once('SIGTERM', async () => {
  beginDraining();
  await pause(LAME_DUCK_MS);
  server.close(() => process.exit(0));
});
