import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defineSettings, MARKERS, setting } from '@motif/kit';
import { afterEach, describe, expect, test } from 'vitest';
import { type Container, containers } from '../bundle/containers.ts';
import { brokenSince, filesOf, settingsOf } from './files.ts';

const repository = join(import.meta.dirname, '../..');

describe.each(containers)('$name', (container) => {
  test('README, Dockerfile and snapshot are in date (npm run generate)', async () => {
    for (const { path, text } of filesOf(repository, container, await settingsOf(repository, container))) {
      expect(readFileSync(join(repository, path), 'utf8'), path).toBe(text);
    }
  });

  test('no promise of an earlier release is broken', async () => {
    expect(brokenSince(repository, container, await settingsOf(repository, container))).toEqual([]);
  });

  test('the image runs as nobody, without a shell, from a base that can be given', () => {
    const dockerfile = readFileSync(join(repository, `images/${container.name}/Dockerfile`), 'utf8');
    expect(dockerfile).toMatch(/^ARG BASE=\S+$/m);
    expect(dockerfile).toMatch(/^USER 65532:65532$/m);
    expect(dockerfile).not.toMatch(/^RUN /m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["\/nodejs\/bin\/node"/m);
  });
});

describe('a repository of the test', () => {
  const made: string[] = [];
  afterEach(() => {
    for (const root of made.splice(0)) rmSync(root, { recursive: true });
  });

  const sample: Container = {
    name: 'sample',
    workspace: 'work/sample',
    entry: 'unused',
    settings: 'unused',
    description: 'A sample.',
  };
  const definition = (fallback: string) =>
    defineSettings({
      container: 'sample',
      settings: { SIZE: setting.integer({ min: 1, max: 9, default: fallback, about: 'Of it.' }) },
    });

  function repositoryWith(version: string): string {
    const root = mkdtempSync(join(tmpdir(), 'motif-settings-'));
    made.push(root);
    const put = (path: string, text: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    put('package.json', JSON.stringify({ version }));
    put('images/sample/Dockerfile', `FROM x\n${MARKERS.dockerfile.join('\n')}\n`);
    put('work/sample/README.md', `# Sample\n${MARKERS.markdown.join('\n')}\n`);
    put('work/sample/settings.snapshot.json', '{}');
    return root;
  }

  function generate(root: string, fallback: string): void {
    for (const { path, text } of filesOf(root, sample, definition(fallback))) writeFileSync(join(root, path), text);
  }

  test('generating twice changes nothing', () => {
    const root = repositoryWith('1.0.0');
    generate(root, '3');
    const first = filesOf(root, sample, definition('3'));
    for (const { path, text } of first) expect(readFileSync(join(root, path), 'utf8')).toBe(text);
    expect(first.map(({ text }) => text).join()).toContain('ENV SIZE="3"');
  });

  test('a default may change before the release, not after it', () => {
    const root = repositoryWith('1.0.0');
    generate(root, '3');
    generate(root, '4');
    expect(brokenSince(root, sample, definition('4'))).toEqual([]);
    writeFileSync(join(root, 'package.json'), JSON.stringify({ version: '1.1.0' }));
    expect(brokenSince(root, sample, definition('5'))).toEqual(['sample 1.0.0: SIZE: its default was "4" and is "5"']);
    generate(root, '5');
    expect(brokenSince(root, sample, definition('5'))).toHaveLength(1);
  });
});
