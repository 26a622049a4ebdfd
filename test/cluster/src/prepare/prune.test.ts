import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { prune, touch } from './prune.ts';

const day = 24 * 3600 * 1000;
const now = 1_800_000_000_000;
let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'motif-prune-'));
  for (const folder of ['images', 'layers', 'go']) mkdirSync(join(cache, folder));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

function make(name: string, ageDays: number): void {
  const file = join(cache, name);
  for (const path of [file, `${file}.sha256`]) {
    writeFileSync(path, '');
    touch(path, now - ageDays * day);
  }
}

test('removes what was not used for two weeks, with its record, and no program', () => {
  make('images/old.tar', 15);
  make('images/new.tar', 13);
  make('layers/old.tar', 15);
  make('go/kube', 100);
  expect(prune(cache, now).sort()).toEqual(['old.tar', 'old.tar']);
  expect(existsSync(join(cache, 'images/old.tar.sha256'))).toBe(false);
  expect(existsSync(join(cache, 'images/new.tar'))).toBe(true);
  expect(existsSync(join(cache, 'go/kube'))).toBe(true);
  expect(prune(cache, now)).toEqual([]);
});

test('keeps the four of a name that were used last', () => {
  const names = ['1', '2', '3', '4', '5', '6'].map((digit) => `app_1-${digit.repeat(12)}.tar`);
  for (const [index, name] of names.entries()) make(`images/${name}`, index);
  make('images/app_2-111111111111.tar', 9);
  expect(prune(cache, now)).toEqual(names.slice(4));
});

test('a cache that is not there has nothing to prune', () => {
  expect(prune(join(cache, 'none'), now)).toEqual([]);
});
