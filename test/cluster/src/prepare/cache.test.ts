import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { cachedFile, filesBelow, inputsKey, intact } from './cache.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'motif-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('keys depend on names, contents and where one ends', () => {
  const keys = [
    inputsKey([['a', 'bc']]),
    inputsKey([['ab', 'c']]),
    inputsKey([
      ['a', 'b'],
      ['c', ''],
    ]),
    inputsKey([['a', 'bd']]),
  ];
  expect(new Set(keys).size).toBe(4);
  expect(inputsKey([['a', Buffer.from('ä')]])).toBe(inputsKey([['a', 'ä']]));
});

test('lists files in one order, by their paths in the folder', async () => {
  await cachedFile(join(folder, 'b', 'x'), async (path) => writeFileSync(path, '1'));
  writeFileSync(join(folder, 'a'), '2');
  expect(filesBelow(folder).map(([name]) => name)).toEqual(['a', 'b/x', 'b/x.sha256']);
});

test('makes a file once', async () => {
  const file = join(folder, 'program');
  const make = async (path: string) => writeFileSync(path, 'content');
  expect((await cachedFile(file, make)).made).toBe(true);
  expect((await cachedFile(file, make)).made).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('content');
});

test('makes a file again that has changed since, or has no record', async () => {
  const damaged = join(folder, 'damaged');
  writeFileSync(damaged, 'half');
  writeFileSync(`${damaged}.sha256`, 'of something else\n');
  const unrecorded = join(folder, 'unrecorded');
  writeFileSync(unrecorded, 'half');
  for (const file of [damaged, unrecorded]) {
    expect(await intact(file)).toBe(false);
    expect((await cachedFile(file, async (path) => writeFileSync(path, 'whole'))).made).toBe(true);
    expect(await intact(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('whole');
  }
});

test('a failure leaves nothing behind', async () => {
  const failing = cachedFile(join(folder, 'program'), async (path) => {
    writeFileSync(path, 'half');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual([]);
});
