import { Registry } from '@motif/kit';
import { describe, expect, it } from 'vitest';
import { CommandTable } from '../commands/index.ts';
import { ROWS } from '../commands/table.generated.ts';
import type { RedisProxy } from '../proxy.ts';
import { GROUPS, groupIndex, OTHER_GROUP } from './groups.ts';
import { RedisMetrics } from './redis-metrics.ts';

const value = (page: string, sample: string): number | undefined => {
  const line = page.split('\n').find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
};

describe('metrics of the proxy', () => {
  it('has every label set of a shard at zero from the first on', async () => {
    const registry = new Registry();
    new RedisMetrics(registry).shard('cart-0');
    const page = await registry.metrics();
    for (const group of GROUPS) {
      const labels = `{shard="cart-0",group="${group}"}`;
      expect(value(page, `motif_redis_request_duration_seconds_count${labels}`)).toBe(0);
      expect(value(page, `motif_redis_request_errors_total${labels}`)).toBe(0);
      expect(value(page, `motif_redis_request_timeouts_total${labels}`)).toBe(0);
    }
    expect(value(page, 'motif_redis_upstream_connects_total{shard="cart-0"}')).toBe(0);
    expect(value(page, 'motif_redis_shard_ejections_total{shard="cart-0"}')).toBe(0);
  });

  it('counts what happens to a shard, in seconds', async () => {
    const registry = new Registry();
    const metrics = new RedisMetrics(registry);
    const stats = metrics.shard('cart-0');
    expect(metrics.shard('cart-0')).toBe(stats);
    const hash = groupIndex.get('hash') as number;
    stats.answered(hash, 250, false);
    stats.answered(hash, 500, true);
    stats.timedOut(OTHER_GROUP);
    stats.connected();
    stats.ejected();
    const page = await registry.metrics();
    expect(value(page, 'motif_redis_request_duration_seconds_sum{shard="cart-0",group="hash"}')).toBeCloseTo(0.75);
    expect(value(page, 'motif_redis_request_duration_seconds_count{shard="cart-0",group="hash"}')).toBe(2);
    expect(value(page, 'motif_redis_request_errors_total{shard="cart-0",group="hash"}')).toBe(1);
    expect(value(page, 'motif_redis_request_timeouts_total{shard="cart-0",group="other"}')).toBe(1);
    expect(value(page, 'motif_redis_upstream_connects_total{shard="cart-0"}')).toBe(1);
    expect(value(page, 'motif_redis_shard_ejections_total{shard="cart-0"}')).toBe(1);
  });

  it('reads gauges when it is asked, of the shards in force only', async () => {
    const registry = new Registry();
    let proxy: unknown;
    new RedisMetrics(registry).watch(() => proxy as RedisProxy | undefined);
    expect(value(await registry.metrics(), 'motif_redis_client_connections')).toBe(0);
    const shard = (name: string, serving: boolean) => ({ name, serving, connections: new Set([1, 2]) });
    proxy = { clients: new Set([1, 2, 3]), routing: { shards: [shard('cart-0', true), shard('cart-1', false)] } };
    const page = await registry.metrics();
    expect(value(page, 'motif_redis_client_connections')).toBe(3);
    expect(value(page, 'motif_redis_upstream_connections{shard="cart-1"}')).toBe(2);
    expect(value(page, 'motif_redis_shard_up{shard="cart-0"}')).toBe(1);
    expect(value(page, 'motif_redis_shard_up{shard="cart-1"}')).toBe(0);
    proxy = { clients: new Set(), routing: { shards: [shard('cart-0', true)] } };
    expect(value(await registry.metrics(), 'motif_redis_shard_up{shard="cart-1"}')).toBeUndefined();
  });
});

it('has a group for every command that is known', () => {
  const table = new CommandTable();
  expect(ROWS.length).toBeGreaterThan(100);
  const groups = ROWS.map(({ name }) => table.named(name)?.group ?? name);
  expect(groups.filter((group) => !groupIndex.has(group))).toEqual([]);
  expect(GROUPS[OTHER_GROUP]).toBe('other');
});
