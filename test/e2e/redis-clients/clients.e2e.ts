import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createClient } from '@redis/client';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Local, startLocal } from './local.ts';

const run = promisify(execFile);

let local: Local;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local?.close());

describe('ioredis', () => {
  async function withClient(options: object, use: (client: Redis) => Promise<void>): Promise<void> {
    const client = new Redis({ port: local.proxy, host: '127.0.0.1', ...options });
    try {
      await use(client);
    } finally {
      client.disconnect();
    }
  }

  test('becomes ready (its check reads INFO), sends what was queued before', () =>
    withClient({}, async (client) => {
      const early = client.set('early', '1');
      await early;
      expect(client.status).toBe('ready');
      expect(await client.get('early')).toBe('1');
    }));

  test('pipelines over all shards keep their order and their errors', () =>
    withClient({}, async (client) => {
      const pipeline = client.pipeline();
      for (let i = 0; i < 1000; i++) pipeline.set(`p${i}`, i).get(`p${i}`);
      pipeline.lpush('p0', 'wrong type');
      const results = await pipeline.exec();
      expect(results?.slice(0, 2000).every(([error], i) => error === null || i > 2000)).toBe(true);
      expect(results?.filter((_, i) => i % 2 === 1).map(([, value]) => value)).toEqual(
        [...Array(1000).keys()].map(String),
      );
      expect(results?.[2000]?.[0]?.message).toMatch(/^WRONGTYPE/);
    }));

  test('autopipelining', () =>
    withClient({ enableAutoPipelining: true }, async (client) => {
      await Promise.all([...Array(500).keys()].map((i) => client.set(`auto${i}`, i)));
      const values = await Promise.all([...Array(500).keys()].map((i) => client.get(`auto${i}`)));
      expect(values).toEqual([...Array(500).keys()].map(String));
    }));

  test('buffers, many keys, streams of SCAN, a name and a database', () =>
    withClient({ connectionName: 'tester', db: 2 }, async (client) => {
      await client.flushdb();
      const bytes = Buffer.from([0, 255, 13, 10]);
      await client.set(bytes, bytes);
      expect(await client.getBuffer(bytes)).toEqual(bytes);
      await client.mset({ a: '1', b: '2', c: '3' });
      expect(await client.mget('a', 'b', 'c', 'none')).toEqual(['1', '2', '3', null]);
      expect(await client.dbsize()).toBe(4);
      const keys: string[] = [];
      for await (const batch of client.scanStream({ match: '[abc]' })) keys.push(...(batch as string[]));
      expect(keys.sort()).toEqual(['a', 'b', 'c']);
      expect(await client.client('GETNAME')).toBe('tester');
      expect(await client.del('a', 'b', 'c')).toBe(3);
    }));

  test('a transaction is refused with an error, not half done', () =>
    withClient({}, async (client) => {
      await client.del('tx');
      await expect(client.multi().set('tx', '1').exec()).rejects.toThrow(/sharding proxy|EXECABORT|without MULTI/);
    }));
});

describe('node-redis', () => {
  test.each([2, 3] as const)('RESP%i: connects, pipelines, types', async (resp) => {
    const client = createClient({ socket: { port: local.proxy, host: '127.0.0.1' }, RESP: resp, name: 'node' });
    client.on('error', () => {});
    await client.connect();
    try {
      await client.set('n', '1');
      expect(await client.incr('n')).toBe(2);
      expect(await Promise.all([...Array(200).keys()].map((i) => client.set(`n${i}`, `${i}`)))).toHaveLength(200);
      expect(await client.mGet(['n0', 'n1', 'none'])).toEqual(['0', '1', null]);
      await client.hSet('h', { a: '1', b: '2' });
      expect({ ...(await client.hGetAll('h')) }).toEqual({ a: '1', b: '2' });
      const found = new Set<string>();
      for await (const keys of client.scanIterator({ MATCH: 'n1*' })) for (const key of [keys].flat()) found.add(key);
      expect(found.size).toBe(111);
      expect(await client.clientGetName()).toBe('node');
    } finally {
      client.destroy();
    }
  });
});

describe('the tools of Redis', () => {
  const cli = async (...args: string[]): Promise<string> =>
    (await run('redis-cli', ['-p', String(local.proxy), ...args])).stdout.trim();

  test('redis-cli', async () => {
    expect(await cli('SET', 'cli', 'works')).toBe('OK');
    expect(await cli('GET', 'cli')).toBe('works');
    expect(await cli('-3', 'GET', 'cli')).toBe('works');
    expect(await cli('-n', '3', 'GET', 'cli')).toBe('');
    expect(await cli('--scan', '--pattern', 'cl*')).toBe('cli');
    expect(await cli('INFO', 'server')).toMatch(/redis_version:\d/);
    expect(await cli('--json', 'COMMAND', 'COUNT')).toMatch(/^\d+$/);
  });

  test('redis-cli with commands on its standard input', async () => {
    const child = run('redis-cli', ['-p', String(local.proxy)]);
    child.child.stdin?.end('SET in 1\nINCR in\nGET in\n');
    expect((await child).stdout.trim().split('\n')).toEqual(['OK', '2', '2']);
  });

  test('redis-cli --pipe: mass insertion', async () => {
    const child = run('redis-cli', ['-p', String(local.proxy), '--pipe']);
    child.child.stdin?.end([...Array(2000).keys()].map((i) => `SET mass:${i} ${i}\r\n`).join(''));
    expect((await child).stdout).toMatch(/errors: 0, replies: 2000/);
  });

  test('redis-benchmark: its own tests, with and without pipeline', async () => {
    const tests =
      'ping_inline,ping_mbulk,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,lrange_100,mset';
    for (const pipeline of ['1', '16']) {
      const { stdout } = await run('redis-benchmark', [
        '-p',
        String(local.proxy),
        '-n',
        '2000',
        '-r',
        '1000',
        '-P',
        pipeline,
        '-t',
        tests,
        '--csv',
      ]);
      expect(stdout).not.toMatch(/error/i);
      expect(stdout.match(/^"[^"]+","[\d.]+"/gm)?.length).toBeGreaterThanOrEqual(16);
    }
  });
});
