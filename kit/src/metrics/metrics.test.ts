import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { CELLS, cellOf, cellStart } from './cells.ts';
import { labelSets } from './collector.ts';
import { FastCounter } from './fast-counter.ts';
import { FastHistogram, LATENCY_BUCKETS, SIZE_BUCKETS } from './fast-histogram.ts';
import { createRegistry } from './registry.ts';

test('a cell holds its numbers: start <= value < start of the next', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), (value) => {
      const cell = cellOf(value);
      expect(cell).toBeLessThan(CELLS);
      expect(cellStart(cell)).toBeLessThanOrEqual(value);
      expect(cellStart(cell + 1)).toBeGreaterThan(value);
    }),
    { examples: [[0], [15], [16], [31], [32], [2 ** 31 - 1]] },
  );
});

describe('FastHistogram', () => {
  const oracle = (bounds: readonly number[], values: number[]) => [
    ...bounds.map((bound) => values.filter((value) => value <= bound).length),
    values.length,
  ];

  test.each([
    ['seconds', LATENCY_BUCKETS, 1e6],
    ['bytes', SIZE_BUCKETS, 1],
    ['narrow', [0.1, 0.100001, 0.1000015, 4000], 1e6],
  ] as const)('counts each value into exactly its buckets: %s', (_, buckets, scale) => {
    const largest = buckets[buckets.length - 1] as number;
    const values = fc.oneof(fc.constantFrom(...buckets), fc.double({ min: 0, max: largest * 2, noNaN: true }));
    fc.assert(
      fc.property(fc.array(values, { maxLength: 50 }), (observed) => {
        const series = new FastHistogram({ name: 'h', help: 'h', buckets, scale }).series();
        for (const value of observed) series.observe(value);
        expect(series.read().cumulative).toEqual(oracle(buckets, observed));
      }),
    );
  });

  test('odd values count as zero and never break the sum', () => {
    const series = new FastHistogram({ name: 'h', help: 'h' }).series();
    for (const value of [-1, Number.NaN, 0]) series.observe(value);
    expect(series.read()).toMatchObject({ sum: 0 });
    series.observe(1e12);
    expect(series.read().cumulative.slice(-2)).toEqual([3, 4]);
  });

  test('is scraped by a prom-client registry, at zero from the start', async () => {
    const registry = new Registry();
    const histogram = new FastHistogram({
      name: 'req_seconds',
      help: 'R.',
      labelNames: ['shard'],
      buckets: [0.1, 1],
      registry,
    });
    histogram.series({ shard: 'a' });
    histogram.series({ shard: 'b' }).observe(0.5);
    expect(await registry.metrics()).toBe(
      [
        '# HELP req_seconds R.',
        '# TYPE req_seconds histogram',
        'req_seconds_bucket{shard="a",le="0.1"} 0',
        'req_seconds_bucket{shard="a",le="1"} 0',
        'req_seconds_bucket{shard="a",le="+Inf"} 0',
        'req_seconds_sum{shard="a"} 0',
        'req_seconds_count{shard="a"} 0',
        'req_seconds_bucket{shard="b",le="0.1"} 0',
        'req_seconds_bucket{shard="b",le="1"} 1',
        'req_seconds_bucket{shard="b",le="+Inf"} 1',
        'req_seconds_sum{shard="b"} 0.5',
        'req_seconds_count{shard="b"} 1',
        '',
      ].join('\n'),
    );
    histogram.remove({ shard: 'a' });
    expect(await registry.metrics()).not.toContain('shard="a"');
  });

  test('refuses buckets that are not ascending and labels that are not declared', () => {
    expect(() => new FastHistogram({ name: 'h', help: 'h', buckets: [1, 1] })).toThrow('ascending');
    expect(() => new FastHistogram({ name: 'h', help: 'h' }).series({ shard: 'a' })).toThrow('given: shard');
  });
});

test('FastCounter: the same labels are the same series', async () => {
  const registry = new Registry();
  const counter = new FastCounter({ name: 'errors_total', help: 'E.', labelNames: ['shard', 'kind'], registry });
  for (const labels of labelSets({ shard: ['a', 'b'], kind: ['timeout'] })) counter.series(labels);
  counter.series({ kind: 'timeout', shard: 'a' }).add(2);
  const text = await registry.metrics();
  expect(text).toContain('errors_total{shard="a",kind="timeout"} 2');
  expect(text).toContain('errors_total{shard="b",kind="timeout"} 0');
});

test('the registry of a process says what runs and how late its loop is', async () => {
  const text = await createRegistry({ component: 'sample', version: '1.2.3' }).metrics();
  expect(text).toMatch(/motif_build_info\{component="sample",version="1.2.3",node="\d+\.\d+\.\d+"\} 1/);
  for (const name of [
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
  ]) {
    expect(text).toContain(`# TYPE ${name} `);
  }
});
