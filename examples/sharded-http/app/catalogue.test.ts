import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CatalogueOptions, openCatalogue } from './catalogue.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'motif-prices-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const list = 'tenant,sku,name,cents\noak,desk-150,Small desk,4100\nelm,desk-150,Small desk,4200\n';

function options(text = list, over: Partial<CatalogueOptions> = {}): CatalogueOptions {
  const source = join(folder, 'list.csv');
  writeFileSync(source, text);
  return { source, folder, owns: (tenant) => tenant === 'oak', identity: 'prices 0/1', ...over };
}

const indexes = () => readdirSync(folder).filter((name) => name.endsWith('.db'));

test('has the prices that are its own and no others', () => {
  const catalogue = openCatalogue(options());
  expect(catalogue.size).toBe(1);
  expect(catalogue.find('oak', 'desk-150')).toEqual({
    tenant: 'oak',
    sku: 'desk-150',
    name: 'Small desk',
    cents: 4100,
  });
  expect(catalogue.find('elm', 'desk-150')).toBeUndefined();
});

test('finds its index again at a restart, and builds another when the list or the shards are others', () => {
  openCatalogue(options());
  const [first = ''] = indexes();
  utimesSync(join(folder, first), 1, 1);
  openCatalogue(options());
  expect(statSync(join(folder, first)).mtimeMs).toBe(1000);
  const grown = openCatalogue(options(`${list}oak,lamp-160,Small lamp,900\n`));
  expect(grown.size).toBe(2);
  openCatalogue(options(list, { identity: 'prices 0/2' }));
  expect(indexes()).toHaveLength(3);
});

test('an index that was not finished does not count', () => {
  openCatalogue(options());
  const [name = ''] = indexes();
  rmSync(join(folder, name));
  writeFileSync(join(folder, `${name}.unfinished`), 'half');
  expect(openCatalogue(options()).size).toBe(1);
});

test('a line that is none is told with its number', () => {
  expect(() => openCatalogue(options(`${list}oak;lamp\n`))).toThrow(/line 4 is not tenant,sku,name,cents: oak;lamp/);
  expect(indexes()).toHaveLength(0);
});
