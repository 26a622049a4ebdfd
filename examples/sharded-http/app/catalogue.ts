import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One line of the price list. */
export interface Price {
  readonly tenant: string;
  readonly sku: string;
  readonly name: string;
  readonly cents: number;
}

/** The part of the price list that one shard has. */
export interface Catalogue {
  readonly size: number;
  find(tenant: string, sku: string): Price | undefined;
}

export interface CatalogueOptions {
  /** The whole price list: `tenant,sku,name,cents`, the first line naming the columns. */
  readonly source: string;
  /** Where this replica's own index is kept. */
  readonly folder: string;
  /** Whether a price belongs to this shard. */
  readonly owns: (tenant: string, sku: string) => boolean;
  /** Names what `owns` depends on: an index that was built for something else is built anew. */
  readonly identity: string;
}

/**
 * Opens this replica's index. It is built from the price list at the first start, and again when the list or the identity changed; a restart finds it on the volume.
 * @throws Error when the list cannot be read or a line of it is not as it should be
 */
export function openCatalogue({ source, folder, owns, identity }: CatalogueOptions): Catalogue {
  const text = readFileSync(source, 'utf8');
  const digest = createHash('sha256').update(`${identity}\n${text}`).digest('hex').slice(0, 16);
  const file = join(folder, `prices-${digest}.db`);
  if (!existsSync(file)) {
    // Under another name until it is whole: a replica that is killed meanwhile begins again.
    const unfinished = `${file}.unfinished`;
    rmSync(unfinished, { force: true });
    build(
      unfinished,
      parse(text, source).filter(({ tenant, sku }) => owns(tenant, sku)),
    );
    renameSync(unfinished, file);
  }
  const database = new DatabaseSync(file, { readOnly: true });
  const one = database.prepare('SELECT tenant, sku, name, cents FROM prices WHERE tenant = ? AND sku = ?');
  const counted = database.prepare('SELECT count(*) AS size FROM prices').get() as { size: number };
  return { size: counted.size, find: (tenant, sku) => one.get(tenant, sku) as unknown as Price | undefined };
}

function build(file: string, prices: readonly Price[]): void {
  const database = new DatabaseSync(file);
  database.exec(
    'CREATE TABLE prices (tenant TEXT, sku TEXT, name TEXT, cents INTEGER, PRIMARY KEY (tenant, sku)) WITHOUT ROWID; BEGIN',
  );
  const insert = database.prepare('INSERT INTO prices VALUES (?, ?, ?, ?)');
  for (const { tenant, sku, name, cents } of prices) insert.run(tenant, sku, name, cents);
  database.exec('COMMIT');
  database.close();
}

function parse(text: string, source: string): Price[] {
  const lines = text.trimEnd().split('\n').slice(1);
  return lines.map((line, index) => {
    const match = /^([a-z]+),([a-z0-9-]+),([^,]+),([0-9]+)$/.exec(line);
    if (match === null) throw new Error(`${source}: line ${index + 2} is not tenant,sku,name,cents: ${line}`);
    const [, tenant = '', sku = '', name = '', cents] = match;
    return { tenant, sku, name, cents: Number(cents) };
  });
}
