import { expect, test } from 'vitest';

import { mountsBelow, parseMounts } from './mounts.ts';

const text = [
  '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard',
  '36 22 0:30 / /sys/fs/cgroup/pids rw shared:9 master:2 - cgroup cgroup rw,pids',
  '40 22 0:41 / /var/my\\040folder/a rw - tmpfs tmp\\134fs rw',
  '41 40 0:42 / /var/my\\040folder/a/b rw - tmpfs tmpfs rw',
  '42 22 0:43 / /var/my\\040folder2 rw - tmpfs tmpfs rw',
  '',
].join('\n');

test('reads path, type, source and options, with any number of optional fields', () => {
  expect(parseMounts(text).slice(0, 3)).toEqual([
    { path: '/', type: 'ext4', source: '/dev/vda', superOptions: ['rw', 'discard'] },
    { path: '/sys/fs/cgroup/pids', type: 'cgroup', source: 'cgroup', superOptions: ['rw', 'pids'] },
    { path: '/var/my folder/a', type: 'tmpfs', source: 'tmp\\fs', superOptions: ['rw'] },
  ]);
});

test('finds what is at or below a folder, the inner ones first, and not its neighbours', () => {
  const found = mountsBelow(parseMounts(text), '/var/my folder').map(({ path }) => path);
  expect(found).toEqual(['/var/my folder/a/b', '/var/my folder/a']);
  expect(mountsBelow(parseMounts(text), '/var/my folder/a')).toHaveLength(2);
});
