import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPriceServer, type PriceServer } from './server.ts';

const lamp = { tenant: 'oak', sku: 'lamp-160', name: 'Small lamp', cents: 900 };
let prices: PriceServer;
let base = '';
beforeEach(async () => {
  prices = createPriceServer({
    catalogue: { size: 1, find: (tenant, sku) => (tenant === 'oak' && sku === 'lamp-160' ? lamp : undefined) },
    owns: (tenant) => tenant === 'oak',
    shard: 'prices-1',
    instance: 'prices-1-2',
  });
  await new Promise<void>((resolve) => prices.server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(prices.server.address() as AddressInfo).port}`;
});
afterEach(() => {
  prices.server.close();
  prices.server.closeAllConnections();
});

const from = (tenant: string) => ({ headers: { 'x-tenant': tenant } });

test.each([
  ['/prices/lamp-160', from('oak'), 200, lamp],
  ['/price?tenant=oak&sku=lamp-160', {}, 200, lamp],
  ['/prices/lamp-161', from('oak'), 404, {}],
  ['/prices/lamp-160', from('elm'), 421, {}],
])('%s of %o is %i, and says who answered', async (path, init, status, body) => {
  const answer = await fetch(base + path, init);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ ...body, shard: 'prices-1', instance: 'prices-1-2' });
  expect([answer.headers.get('x-shard'), answer.headers.get('x-instance')]).toEqual(['prices-1', 'prices-1-2']);
});

test.each([
  ['/prices/lamp-160', {}, 400],
  ['/price?tenant=oak', {}, 400],
  ['/elsewhere', {}, 404],
  ['/prices/lamp-160', { method: 'POST', ...from('oak') }, 405],
])('%s with %o is %i', async (path, init, status) => {
  expect((await fetch(base + path, init)).status).toBe(status);
});

test('while draining it goes on answering, and each answer ends its connection', async () => {
  const before = await fetch(`${base}/prices/lamp-160`, from('oak'));
  expect(before.headers.get('connection')).toBe('keep-alive');
  prices.beginDraining();
  const after = await fetch(`${base}/prices/lamp-160`, from('oak'));
  expect([after.status, after.headers.get('connection')]).toEqual([200, 'close']);
});

test('it counts what it holds and what it was asked', async () => {
  await fetch(`${base}/prices/lamp-160`, from('oak'));
  await fetch(`${base}/prices/lamp-160`, from('elm'));
  const owned = await (await fetch(`${base}/owned`)).json();
  expect(owned).toEqual({ shard: 'prices-1', instance: 'prices-1-2', prices: 1, answered: 1 });
});
