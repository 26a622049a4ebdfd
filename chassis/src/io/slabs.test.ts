import { expect, it } from 'vitest';
import { LARGE_SLAB_BYTES, SLAB_BYTES, SlabPool } from './slabs.ts';

it('hands out what was given back, by size', () => {
  const pool = new SlabPool();
  const [small, large] = [pool.small(), pool.large()];
  expect([small.length, large.length]).toEqual([SLAB_BYTES, LARGE_SLAB_BYTES]);
  expect(pool.small()).not.toBe(small);
  pool.give(small);
  pool.give(large);
  expect(pool.small()).toBe(small);
  expect(pool.large()).toBe(large);
  expect(pool.small()).not.toBe(small);
});

it('leaves buffers of other sizes alone, and keeps 4 MiB of each size at most', () => {
  const pool = new SlabPool();
  pool.give(Buffer.alloc(100));
  const slabs: Buffer[] = Array.from({ length: 300 }, () => Buffer.allocUnsafeSlow(SLAB_BYTES));
  for (const slab of slabs) pool.give(slab);
  const kept = Array.from({ length: 300 }, () => pool.small()).filter((slab) => slabs.includes(slab));
  expect(kept).toHaveLength(256);
});
