/** The price service: one replica of one shard. */
import { join } from 'node:path';
import { openCatalogue } from './catalogue.ts';
import { createOwnership } from './ownership.ts';
import { createPriceServer } from './server.ts';

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

// The pod has already left the topology: the operator's preStop hook holds this signal back for five seconds. What is in flight is finished.
process.once('SIGTERM', () => {
  beginDraining();
  server.close(() => process.exit(0));
});
