import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Connection, encode } from '../../conformance/redis/connection.ts';
import { render } from '../../conformance/redis/reply.ts';
import { type Local, startLocal } from './local.ts';

let local: Local;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local?.close());

async function withConnections(test: (single: Connection, proxy: Connection) => Promise<void>): Promise<void> {
  const connections = [await Connection.open(local.single), await Connection.open(local.proxy)] as const;
  try {
    for (const connection of connections) await connection.command('FLUSHALL');
    await test(...connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Sends the same bytes to both and expects the same number of the same replies. */
async function alike(bytes: Buffer | string, replies: number): Promise<void> {
  await withConnections(async (single, proxy) => {
    single.send(bytes);
    proxy.send(bytes);
    for (let i = 0; i < replies; i++) expect(render(await proxy.reply())).toBe(render(await single.reply()));
  });
}

describe('bytes', () => {
  test.each([
    ['inline commands', 'PING\r\nSET a 1\r\nGET a\nget  "a"\r\n', 4],
    ['inline with quotes and escapes', "SET q \"a b\\x00\\n\"\r\nGET q\r\nSET 'it' 'x'\r\n", 3],
    ['empty inline lines and empty arrays take no answer', '\r\n\r\n*0\r\n*-1\r\nPING\r\n', 1],
    ['arrays and inline commands mixed', '*1\r\n$4\r\nPING\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n', 3],
    ['CLIENT REPLY SKIP', 'CLIENT REPLY SKIP\r\nSET a 1\r\nGET a\r\n', 1],
    ['CLIENT REPLY OFF and ON', 'CLIENT REPLY OFF\r\nSET a 1\r\nGET a\r\nNOSUCH\r\nCLIENT REPLY ON\r\nGET a\r\n', 2],
  ])('%s', (_, bytes, replies) => alike(bytes, replies));

  test.each([
    ['a bulk length that is no number', '*1\r\n$x\r\n'],
    ['a negative bulk length', '*1\r\n$-5\r\n'],
    ['an element that is no bulk', '*1\r\n:1\r\n'],
    ['too many elements', '*3000000000\r\n'],
    ['too long a bulk', '*1\r\n$3000000000\r\n'],
    ['an open quote inline', 'GET "a\r\n'],
  ])('%s: the same error, then the connection ends', async (_, bytes) => {
    await withConnections(async (single, proxy) => {
      single.send(bytes);
      proxy.send(bytes);
      expect(render(await proxy.reply())).toBe(render(await single.reply()));
      await expect(proxy.reply()).rejects.toThrow();
    });
  });

  test('a request that comes byte by byte', async () => {
    await withConnections(async (_, proxy) => {
      for (const byte of encode(['SET', 'slow', 'value'])) {
        proxy.send(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(render(await proxy.reply())).toBe('+"OK"');
      expect(render(await proxy.command('GET', 'slow'))).toBe('$"value"');
    });
  });

  test('a pipeline of 20,000 commands over all shards keeps its order', async () => {
    await withConnections(async (_, proxy) => {
      const count = 10_000;
      const requests: Buffer[] = [];
      for (let i = 0; i < count; i++) requests.push(encode(['SET', `k${i}`, `v${i}`]), encode(['GET', `k${i}`]));
      proxy.send(Buffer.concat(requests));
      for (let i = 0; i < count; i++) {
        expect((await proxy.reply()).text).toBe('OK');
        expect((await proxy.reply()).text).toBe(`v${i}`);
      }
    });
  });

  test('values around every buffer size come back whole, among small ones', async () => {
    await withConnections(async (_, proxy) => {
      for (const size of [16_383, 65_535, 65_536, 65_537, 262_144, 1_048_576, 1_048_577, 5_000_000]) {
        const value = Buffer.alloc(size, `${size}\r\n`);
        proxy.send(Buffer.concat([encode(['SET', `v${size}`, value]), encode(['GET', `v${size}`]), encode(['PING'])]));
        expect((await proxy.reply()).text).toBe('OK');
        expect((await proxy.reply()).text === value.toString('latin1')).toBe(true);
        expect((await proxy.reply()).text).toBe('PONG');
      }
    });
  });
});

describe('keys of several shards', () => {
  test('a command that cannot be split is CROSSSLOT, and does nothing', async () => {
    await withConnections(async (_, proxy) => {
      for (const command of [
        'MSETNX a 1 b 2 c 3 d 4',
        'SUNIONSTORE a b c d',
        'ZUNION 4 a b c d',
        'XREAD STREAMS a b c d 0 0 0 0',
      ])
        expect(render(await proxy.command(...command.split(' ')))).toBe(
          '-"CROSSSLOT Keys in request don\'t hash to the same slot"',
        );
      expect(render(await proxy.command('DBSIZE'))).toBe(':"0"');
    });
  });

  test('keys spread over all shards, and each shard holds its own', async () => {
    await withConnections(async (_, proxy) => {
      for (let i = 0; i < 300; i++) proxy.send(encode(['SET', `key:${i}`, 'v']));
      for (let i = 0; i < 300; i++) await proxy.reply();
      expect(render(await proxy.command('DBSIZE'))).toBe(':"300"');
      const sizes = await Promise.all(local.shards.map(dbsize));
      expect(sizes.reduce((sum, size) => sum + size)).toBe(300);
      expect(Math.min(...sizes)).toBeGreaterThan(60);
    });
  });

  test('SCAN finds every key once or more, TYPE and MATCH as in Redis', async () => {
    await withConnections(async (_, proxy) => {
      for (let i = 0; i < 500; i++)
        proxy.send(encode(i % 5 === 0 ? ['LPUSH', `list:${i}`, 'v'] : ['SET', `key:${i}`, 'v']));
      for (let i = 0; i < 500; i++) await proxy.reply();
      expect((await scan(proxy)).size).toBe(500);
      expect((await scan(proxy, 'COUNT', '1000')).size).toBe(500);
      expect((await scan(proxy, 'MATCH', 'key:1*')).size).toBe(
        [...Array(500).keys()].filter((i) => i % 5 !== 0 && `${i}`.startsWith('1')).length,
      );
      expect((await scan(proxy, 'TYPE', 'list', 'COUNT', '7')).size).toBe(100);
      expect(render(await proxy.command('SCAN', '3'))).toMatch(/^(\*|-)/);
      expect(render(await proxy.command('SCAN', '255'))).toMatch(/^-"/);
    });
  });
});

async function dbsize(port: number): Promise<number> {
  const connection = await Connection.open(port);
  const reply = await connection.command('DBSIZE');
  connection.close();
  return Number(reply.text);
}

async function scan(connection: Connection, ...options: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  let cursor = '0';
  for (let steps = 0; steps < 5000; steps++) {
    const reply = await connection.command('SCAN', cursor, ...options);
    if (reply.items === undefined) throw new Error(render(reply));
    cursor = reply.items[0]?.text ?? '';
    for (const key of reply.items[1]?.items ?? []) found.add(key.text ?? '');
    if (cursor === '0') return found;
  }
  throw new Error('SCAN never came to its end');
}

describe('what needs a connection of its own is refused', () => {
  test.each(
    [
      ...[
        'MULTI',
        'WATCH a',
        'SUBSCRIBE c',
        'PSUBSCRIBE c',
        'PUBLISH c m',
        'BLPOP a 0',
        'BLMOVE a b LEFT LEFT 0',
        'EVAL x 0',
        'SCRIPT LOAD x',
        'FCALL f 0',
      ],
      ...[
        'MONITOR',
        'SYNC',
        'PSYNC ? -1',
        'REPLICAOF NO ONE',
        'WAIT 1 0',
        'CLIENT TRACKING ON',
        'CLIENT KILL ID 1',
        'CLIENT PAUSE 1000',
        'XREAD BLOCK 0 STREAMS a $',
      ],
      ...[
        'CONFIG SET maxmemory 1',
        'CONFIG GET requirepass',
        'SHUTDOWN NOSAVE',
        'DEBUG SLEEP 1',
        'ACL LIST',
        'SAVE',
        'BGSAVE',
        'SWAPDB 0 1',
        'SLOWLOG GET',
        'MODULE LIST',
      ],
    ].map((line) => [line] as const),
  )('%s', async (line) => {
    await withConnections(async (_, proxy) => {
      expect(render(await proxy.command(...line.split(' ')))).toMatch(/^-"ERR .*(sharding proxy)/);
      // The connection goes on, and so do the shards.
      expect(render(await proxy.command('SET', 'a', '1'))).toBe('+"OK"');
      expect(render(await proxy.command('PING'))).toBe('+"PONG"');
    });
  });
});
