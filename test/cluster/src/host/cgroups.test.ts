import { expect, test } from 'vitest';

import { parseHierarchies, usedHierarchies } from './cgroups.ts';

const first = [
  '30 22 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
  '31 22 0:27 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd',
].join('\n');
const second = '32 22 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate';

test('tells controllers from options', () => {
  expect(parseHierarchies(first)).toEqual([
    { path: '/sys/fs/cgroup/cpu,cpuacct', version: 1, controllers: ['cpu', 'cpuacct'] },
    { path: '/sys/fs/cgroup/systemd', version: 1, controllers: [] },
  ]);
});

test('uses the second version only where the first is not there', () => {
  expect(usedHierarchies(parseHierarchies(`${first}\n${second}`)).map(({ version }) => version)).toEqual([1, 1]);
  expect(usedHierarchies(parseHierarchies(second)).map(({ path }) => path)).toEqual(['/sys/fs/cgroup/unified']);
});
