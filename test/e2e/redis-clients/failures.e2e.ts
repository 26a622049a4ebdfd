import { localShard } from '@motif/api/topology/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { Connection } from '../../conformance/redis/connection.ts';
import { render } from '../../conformance/redis/reply.ts';
import { type Local, type LocalOptions, startLocal } from './local.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function started(options: LocalOptions = {}): Promise<Local> {
  const local = await startLocal(options);
  open.push(local);
  return local;
}

async function connected(port: number): Promise<Connection> {
  const connection = await Connection.open(port);
  open.push(connection);
  return connection;
}

/** Which shard holds each of `count` keys, asked of the shards themselves. */
async function owners(local: Local, proxy: Connection, count: number): Promise<number[]> {
  const keys = [...Array(count).keys()].map((i) => `key:${i}`);
  for (const key of keys) expect(render(await proxy.command('SET', key, 'v'))).toBe('+"OK"');
  const shards = await Promise.all(local.shards.map((port) => connected(port)));
  const found: number[] = [];
  for (const key of keys) {
    const there = await Promise.all(shards.map((shard) => shard.command('EXISTS', key)));
    found.push(there.findIndex((reply) => reply.text === '1'));
  }
  return found;
}

describe('a dead shard', () => {
  test('only its keys suffer, each within the time-out, and they come back with it', async () => {
    const local = await started();
    const proxy = await connected(local.proxy);
    const owner = await owners(local, proxy, 60);
    expect(new Set(owner)).toEqual(new Set([0, 1, 2]));
    await local.killShard(1);
    for (const [i, shard] of owner.entries()) {
      const begin = performance.now();
      const reply = render(await proxy.command('GET', `key:${i}`));
      expect(reply, `key:${i} of shard ${shard}`).toMatch(shard === 1 ? /^-"SHARD/ : /^\$"v"$/);
      expect(performance.now() - begin).toBeLessThan(8000);
    }
    await local.restartShard(1);
    const lost = owner.indexOf(1);
    await expect.poll(async () => render(await proxy.command('GET', `key:${lost}`)), { timeout: 20_000 }).toBe('$-1');
    expect(render(await proxy.command('GET', `key:${owner.indexOf(0)}`))).toBe('$"v"');
  });

  test('MGET tells which elements are missing, and gives the others', async () => {
    const local = await started();
    const proxy = await connected(local.proxy);
    const owner = await owners(local, proxy, 30);
    await local.killShard(2);
    const reply = await proxy.command('MGET', ...owner.map((_, i) => `key:${i}`));
    expect(reply.items?.map((item) => item.type)).toEqual(owner.map((shard) => (shard === 2 ? '-' : '$')));
  });

  test('MGET fails as a whole where that is asked for; MSET says that it may be applied in part', async () => {
    const local = await started({ topology: { redis: { multiKey: 'Split', partial: 'Whole', admin: 'Refuse' } } });
    const proxy = await connected(local.proxy);
    const owner = await owners(local, proxy, 30);
    await local.killShard(2);
    expect((await proxy.command('MGET', ...owner.map((_, i) => `key:${i}`))).type).toBe('-');
    const reply = render(await proxy.command('MSET', ...owner.flatMap((_, i) => [`key:${i}`, 'new'])));
    expect(reply).toMatch(/^-".*part/);
    expect(render(await proxy.command('GET', `key:${owner.indexOf(0)}`))).toBe('$"new"');
  });
});

describe('passwords', () => {
  const secrets = { 'auth-password': 'shard-secret', 'client-0-password': 'client-secret' };
  const topology = {
    auth: { username: false, password: true },
    clientAuth: [{ username: 'app', passwordFile: 'client-0-password' }],
  };
  const shardArguments = ['--requirepass', 'shard-secret'];

  test('clients must give theirs; the shards get their own from us', async () => {
    const local = await started({ secrets, topology, shardArguments });
    const proxy = await connected(local.proxy);
    expect(render(await proxy.command('GET', 'a'))).toBe('-"NOAUTH Authentication required."');
    expect(render(await proxy.command('AUTH', 'app', 'wrong'))).toMatch(/^-"WRONGPASS/);
    expect(render(await proxy.command('AUTH', 'other', 'client-secret'))).toMatch(/^-"WRONGPASS/);
    expect(render(await proxy.command('HELLO', '3'))).toMatch(/^-"NOAUTH/);
    expect(render(await proxy.command('AUTH', 'app', 'client-secret'))).toBe('+"OK"');
    expect(render(await proxy.command('SET', 'a', '1'))).toBe('+"OK"');
    expect(render(await proxy.command('GET', 'a'))).toBe('$"1"');
    const other = await connected(local.proxy);
    expect((await other.command('HELLO', '3', 'AUTH', 'app', 'client-secret')).type).toBe('%');
    expect(render(await other.command('GET', 'a'))).toBe('$"1"');
    expect(render(await other.command('RESET'))).toBe('+"RESET"');
    expect(render(await other.command('GET', 'a'))).toMatch(/^-"NOAUTH/);
  });
});

describe('a topology that changes', () => {
  test('while clients pipeline, no answer is lost or mixed up', async () => {
    const local = await started();
    const clients = await Promise.all([...Array(8)].map(() => connected(local.proxy)));
    let running = true;
    const loads = clients.map(async (client, c) => {
      let sent = 0;
      for (let round = 0; running; round++) {
        for (let i = 0; i < 20; i++, sent++)
          client.send(`ECHO ${c}:${round}:${i}\r\nSET c${c}:${i} ${round}:${i}\r\nGET c${c}:${i}\r\n`);
        for (let i = 0; i < 20; i++) {
          expect((await client.reply()).text).toBe(`${c}:${round}:${i}`);
          expect(render(await client.reply())).toBe('+"OK"');
          expect(render(await client.reply())).toBe(`$"${round}:${i}"`);
        }
      }
      return sent;
    });
    const weights = [2, 1, 3, 1];
    for (const [i, weight] of weights.entries()) {
      local.changeTopology({ shards: local.shards.map((port, n) => localShard(port, n, n === i % 3 ? weight : 1)) });
      await expect.poll(() => epoch(local), { timeout: 20_000, interval: 100 }).toBe(i + 2);
    }
    running = false;
    for (const sent of await Promise.all(loads)) expect(sent).toBeGreaterThan(20);
  });
});

async function epoch(local: Local): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${local.admin}/topology`);
  return ((await answer.json()) as { epoch: number }).epoch;
}
