import { expect, test } from 'vitest';

import { clusterKey, createLayout } from './layout.ts';

const input = { checkout: '/src/motif', home: '/home/me', env: {} };

test('keys differ by checkout and by name, and never run into each other', () => {
  const keys = [clusterKey('/a'), clusterKey('/b'), clusterKey('/a', 'x'), clusterKey('/ax')];
  expect(new Set(keys).size).toBe(4);
  expect(clusterKey('/a')).toBe(clusterKey('/a', ''));
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{8}$/);
});

test('everything of a cluster but its lock lies below its state folder', () => {
  const layout = createLayout(input);
  expect(layout.state).toBe(`/home/me/.cache/motif/clusters/${layout.key}`);
  for (const path of [layout.log, layout.pki, layout.conf, layout.parts, layout.kubeconfig]) {
    expect(path.startsWith(`${layout.state}/`)).toBe(true);
  }
  expect(layout.lock.startsWith(`${layout.state}/`)).toBe(false);
});

test('the environment moves cache and state and makes a second cluster', () => {
  const moved = createLayout({ ...input, env: { MOTIF_CACHE: '/big', MOTIF_STATE: '/fast' } });
  expect([moved.cache, moved.state]).toEqual(['/big', `/fast/${moved.key}`]);
  expect(createLayout({ ...input, env: { MOTIF_CACHE: '/big' } }).state).toBe(`/big/clusters/${moved.key}`);
  expect(createLayout({ ...input, env: { MOTIF_CACHE: 'mine' } }).cache).toBe('/src/motif/mine');
  expect(createLayout({ ...input, env: { MOTIF_CLUSTER_NAME: 'two' } }).key).not.toBe(moved.key);
});
