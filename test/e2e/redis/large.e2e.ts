import { readFileSync } from 'node:fs';
import { request } from '@motif/chassis/redis/resp/encode';
import { RawClient } from '@motif/chassis/redis/testing/raw-client';
import { topologyOf } from '@motif/chassis/redis/testing/topology';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RealRedis, until } from './support/processes.ts';

let shards: RealRedis[];
let ambassador: Ambassador;

beforeAll(async () => {
  shards = await Promise.all([RealRedis.start(), RealRedis.start(), RealRedis.start()]);
  ambassador = await Ambassador.start(
    topologyOf(
      shards.map(({ port }) => port),
      { failure: { timeout: '20s' } },
    ),
  );
});
afterAll(async () => {
  await ambassador?.stop();
  await Promise.all((shards ?? []).map((shard) => shard.stop()));
});

/** The most memory the ambassador has ever held, in MiB. */
function peakMemory(): number {
  const status = readFileSync(`/proc/${ambassador.child.process.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

const MIB = 1024 * 1024;

/** Bytes with a pattern, so that a shift or a gap is seen. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i + 4 <= size; i += 4) bytes.writeUInt32LE((i * 2654435761) % 2 ** 32, i);
  return bytes;
}

async function upload(client: RawClient, key: string, value: Buffer): Promise<unknown> {
  client.send(
    Buffer.concat([
      Buffer.from(`*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n`),
      value,
      Buffer.from('\r\n'),
    ]),
  );
  return client.answer();
}

/** Reads one bulk reply without a framer of ours, however long, and says whether its bytes are `expected`. */
function download(client: RawClient, key: string, expected: Buffer): Promise<boolean> {
  return client
    .call('GET', key)
    .then((value) => typeof value === 'string' && Buffer.from(value, 'latin1').equals(expected));
}

test('values of 64 KiB, 1 MiB and 64 MiB pass unchanged, and memory stays below 150 MB', async () => {
  const client = await RawClient.connect(ambassador.port);
  for (const size of [64 * 1024 - 40, 64 * 1024, 64 * 1024 + 1, MIB - 1, MIB, MIB + 1, 64 * MIB]) {
    const value = pattern(size);
    expect(await upload(client, `big:${size}`, value)).toBe('OK');
    expect(await download(client, `big:${size}`, value)).toBe(true);
  }
  client.destroy();
  expect(peakMemory()).toBeLessThan(150);
});

test('a client that asks for 16 MiB twenty times and never reads harms neither others nor memory', async () => {
  const value = pattern(16 * MIB);
  const [setter, stuck, looper] = await Promise.all([0, 1, 2].map(() => RawClient.connect(ambassador.port)));
  expect(await upload(setter!, 'sixteen', value)).toBe('OK');
  const small = await Promise.all(Array.from({ length: 50 }, () => RawClient.connect(ambassador.port)));
  for (let i = 0; i < 50; i++) await setter!.call('SET', `small:${i}`, `value:${i}`);
  let ended = false;
  stuck!.socket.pause();
  const readers = small.map(async (client, i) => {
    let slowest = 0;
    while (!ended) {
      const begin = performance.now();
      expect(await client.call('GET', `small:${i}`)).toBe(`value:${i}`);
      slowest = Math.max(slowest, performance.now() - begin);
    }
    return slowest;
  });
  stuck!.send(request(['GET', 'sixteen']).repeat(20));
  for (let i = 0; i < 10; i++) expect(await download(looper!, 'sixteen', value)).toBe(true);
  ended = true;
  const slowest = await Promise.all(readers);
  // A client that does not read is let go after ten seconds: who had to wait for it would have waited as long.
  expect(Math.max(...slowest)).toBeLessThan(8000);
  expect(peakMemory()).toBeLessThan(150);
  for (const client of [...small, setter!, stuck!, looper!]) client.destroy();
});

test('a client that stops reading in the middle of a large answer is let go after ten seconds', async () => {
  const client = await RawClient.connect(ambassador.port);
  const clients = async (count: number): Promise<boolean> =>
    new RegExp(`^motif_redis_client_connections ${count}$`, 'm').test(await ambassador.page('/metrics'));
  await until('only this client is left', () => clients(1));
  client.socket.pause();
  client.send(request(['GET', 'sixteen']));
  const begin = performance.now();
  await until('the client is let go', () => clients(0), 20_000);
  expect(performance.now() - begin).toBeGreaterThan(8000);
  client.destroy();
});

test('an MSET and an MGET of several megabytes over all shards', async () => {
  const client = await RawClient.connect(ambassador.port);
  const values = Array.from({ length: 12 }, (_, i) => String.fromCharCode(97 + i).repeat(400_000 + i));
  expect(await client.call('MSET', ...values.flatMap((value, i) => [`wide:${i}`, value]))).toBe('OK');
  expect(await client.call('MGET', ...values.map((_, i) => `wide:${i}`))).toEqual(values);
  client.destroy();
});
