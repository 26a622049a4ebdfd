import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { writeArchive } from './archive.ts';
import { fileLayer, makeLayer } from './layers.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'motif-images-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function extract(file: string, name: string): string {
  return execFileSync('tar', ['--extract', '--to-stdout', '--file', file, name]).toString();
}

test('layers hold their files with the modes asked for, owned by root, and equal inputs give equal bytes', async () => {
  const source = join(folder, 'hello');
  writeFileSync(source, 'hello\n');
  const layer = fileLayer('hello', [['content', 'hello']], [{ from: source, to: '/usr/bin/hello', mode: 0o755 }]);
  const first = await makeLayer(join(folder, 'one'), layer);
  const second = await makeLayer(join(folder, 'two'), layer);
  expect(execFileSync('cmp', [first, second]).toString()).toBe('');
  const listing = execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--file', first]).toString();
  expect(listing).toMatch(/^-rwxr-xr-x 0\/0 .* \.\/usr\/bin\/hello$/m);
});

test('an archive names its image and lists its layers in order, with the digests of their content', async () => {
  const layers = ['first', 'second'].map((name) => {
    const file = join(folder, `${name}.tar`);
    writeFileSync(file, name);
    return file;
  });
  const file = join(folder, 'out', 'image.tar');
  await writeArchive(file, ['example:1'], { Entrypoint: ['/x'], User: '1' }, layers);
  const [entry] = JSON.parse(extract(file, 'manifest.json'));
  expect(entry.RepoTags).toEqual(['example:1']);
  expect(entry.Layers.map((name: string) => extract(file, name))).toEqual(['first', 'second']);
  const config = JSON.parse(extract(file, entry.Config));
  expect(config.config).toEqual({ Entrypoint: ['/x'], User: '1' });
  expect(config.rootfs.diff_ids).toEqual(entry.Layers.map((name: string) => `sha256:${name.replace('.tar', '')}`));
});
