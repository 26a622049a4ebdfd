import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Connection, encode } from '../../conformance/redis/connection.ts';
import { render } from '../../conformance/redis/reply.ts';
import { type Local, startLocal } from './local.ts';

let local: Local;
beforeAll(async () => {
  local = await startLocal();
  const loader = await Connection.open(local.proxy);
  await loader.command('SET', 'big', Buffer.alloc(16_000_000, 'y'));
  await loader.command('SET', 'huge', Buffer.alloc(64_000_000, 'z'));
  for (let i = 0; i < 50; i++) await loader.command('SET', `small:${i}`, 'v');
  loader.close();
});
afterAll(() => local?.close());

/** Most memory the ambassador has held so far, in MiB. */
function peakMemory(): number {
  const status = readFileSync(`/proc/${local.ambassadorPid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

test('a client that never reads holds nobody up, and memory stays bounded', async () => {
  const stuck = await Connection.open(local.proxy);
  const others = await Promise.all([...Array(10)].map(() => Connection.open(local.proxy)));
  try {
    stuck.pause();
    stuck.send(Buffer.concat([...Array(20)].map(() => encode(['GET', 'big']))));
    for (let round = 0; round < 20; round++) {
      const replies = await Promise.all(others.map((one, i) => one.command('GET', `small:${(round * 7 + i) % 50}`)));
      expect(replies.map(render)).toEqual(others.map(() => '$"v"'));
    }
    expect(peakMemory()).toBeLessThan(250);
  } finally {
    for (const one of [stuck, ...others]) one.close();
  }
});

test('values of 16 and 64 MB come back whole while others fetch small ones', async () => {
  const [big, small] = [await Connection.open(local.proxy), await Connection.open(local.proxy)];
  try {
    big.send(Buffer.concat([encode(['GET', 'huge']), encode(['GET', 'big']), encode(['PING'])]));
    for (let i = 0; i < 50; i++) expect(render(await small.command('GET', `small:${i}`))).toBe('$"v"');
    const huge = (await big.reply(30_000)).text;
    expect(huge?.length).toBe(64_000_000);
    expect(huge === 'z'.repeat(64_000_000)).toBe(true);
    expect((await big.reply(30_000)).text?.length).toBe(16_000_000);
    expect(render(await big.reply())).toBe('+"PONG"');
  } finally {
    big.close();
    small.close();
  }
});

test('a client that leaves in the middle of a big answer disturbs nobody', async () => {
  const small = await Connection.open(local.proxy);
  try {
    for (let i = 0; i < 10; i++) {
      const leaver = await Connection.open(local.proxy);
      leaver.send(encode(['GET', 'big']));
      const answer = small.command('GET', 'small:1');
      leaver.close();
      expect(render(await answer)).toBe('$"v"');
    }
  } finally {
    small.close();
  }
});
