import { expect, test } from 'vitest';

import { type MachineFacts, preflight } from './preflight.ts';

const good: MachineFacts = {
  platform: 'linux',
  arch: 'x64',
  uid: 0,
  go: 'go1.26.8',
  hasApt: true,
  freeMemoryBytes: 8 * 2 ** 30,
  freeDiskBytes: 50 * 2 ** 30,
  cache: '/root/.cache/motif',
  state: '/root/.cache/motif/clusters/00000000',
  built: false,
  running: false,
};

test('a machine that has everything is fine', () => {
  expect(preflight(good)).toEqual([]);
  expect(preflight({ ...good, arch: 'arm64', go: 'go1.27rc1' })).toEqual([]);
});

test.each<[string, Partial<MachineFacts>, string, string]>([
  ['not Linux', { platform: 'darwin', uid: 501 }, 'darwin', 'MOTIF_KUBECONFIG'],
  ['another processor', { arch: 's390x' }, 's390x', 'MOTIF_KUBECONFIG'],
  ['not root', { uid: 1000 }, 'root', 'sudo -E'],
  ['no apt', { hasApt: false }, 'apt-get', 'Debian 12'],
  ['no Go', { go: undefined }, 'no Go', 'go.dev/dl'],
  ['an old Go', { go: 'go1.25.9' }, 'go1.25.9', 'install Go 1.26'],
  ['no memory', { freeMemoryBytes: 2 ** 30 }, '1.0 GiB', 'end other programs'],
  ['no disk', { freeDiskBytes: 2 ** 30 }, '/root/.cache/motif', 'MOTIF_CACHE'],
  ['a state that nodes cannot see', { state: '/var/lib/motif/0' }, '/var/lib', 'MOTIF_STATE'],
])('%s is said in one sentence with the way out', (_, fact, what, how) => {
  const problems = preflight({ ...good, ...fact });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(what);
  expect(problems[0]).toContain(how);
  expect(problems[0]).not.toContain('\n');
});

test('what is built already needs neither Go nor apt nor so much disk', () => {
  const facts = { ...good, built: true, go: undefined, hasApt: false, freeDiskBytes: 3 * 2 ** 30 };
  expect(preflight(facts)).toEqual([]);
});

test('a cluster that runs has its memory already', () => {
  expect(preflight({ ...good, freeMemoryBytes: 2 ** 30, running: true })).toEqual([]);
});

test('says everything that is wrong at once', () => {
  expect(preflight({ ...good, uid: 1000, go: undefined })).toHaveLength(2);
});
