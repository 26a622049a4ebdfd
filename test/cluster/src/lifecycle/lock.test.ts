import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { withLock } from './lock.ts';

let file = '';
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'motif-lock-')), 'clusters', 'lock');
});
afterEach(() => rmSync(join(file, '..', '..'), { recursive: true, force: true }));

test('one after the other', async () => {
  let inside = 0;
  let most = 0;
  const work = () =>
    withLock(file, async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    });
  await Promise.all([work(), work(), work()]);
  expect(most).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test('is given back when the work fails', async () => {
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, async () => 'next')).toBe('next');
});

test('a dead holder does not keep it', async () => {
  await withLock(file, async () => {});
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: '1' }));
  expect(await withLock(file, async () => 'mine', 5000)).toBe('mine');
});

test('says who holds it when time is over', async () => {
  await withLock(file, async () => {
    await expect(withLock(file, async () => {}, 1)).rejects.toThrow(`held by process ${process.pid}`);
  });
});
