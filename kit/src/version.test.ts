import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VERSION } from './version.ts';

test('is the version of the repository', () => {
  expect(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version).toBe(VERSION);
});

test('is the version of the chart and of what it installs', () => {
  const chart = readFileSync(new URL('../../charts/motif/Chart.yaml', import.meta.url), 'utf8');
  expect(chart).toMatch(new RegExp(`^version: "?${VERSION}"?$`, 'm'));
  expect(chart).toMatch(new RegExp(`^appVersion: "?${VERSION}"?$`, 'm'));
});
