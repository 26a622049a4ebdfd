import type { RunningProxy } from '../ambassador.ts';
import { BenchError } from '../processes.ts';
import { sampled } from '../rounds.ts';
import { LOAD_CORE } from '../stage.ts';
import type { Sample } from '../statistics.ts';
import { counted, type RedisStage } from './stage.ts';

/** Keys that are loaded before, `key:000000000000` and on, and bytes of each value. */
export const KEYS = 100_000;
export const VALUE_BYTES = 100;

/** One way of loading the proxies with redis-benchmark. */
export interface ThroughputCase {
  readonly name: string;
  readonly command: 'get' | 'set';
  readonly pipeline: number;
}

export const CASES: readonly ThroughputCase[] = [
  { name: 'p1', command: 'get', pipeline: 1 },
  { name: 'p16', command: 'get', pipeline: 16 },
  { name: 'p16set', command: 'set', pipeline: 16 },
];

/** How many requests keep a proxy busy for the time asked: redis-benchmark counts requests, not seconds. */
export interface Warmed {
  readonly requests: number;
}

/** A short run that warms the proxy's code up and tells how fast it is. */
export async function warmUp(
  stage: RedisStage,
  proxy: RunningProxy,
  which: ThroughputCase,
  seconds: number,
): Promise<Warmed> {
  const requests = which.pipeline === 1 ? 100_000 : 400_000;
  return enoughFor(await measure(stage, proxy, which, { requests }), which, seconds);
}

/** Requests that fill the time at the rate seen last, and never so few that the clock ticks of CPU time would show. */
export function enoughFor(sample: Sample, which: ThroughputCase, seconds: number): Warmed {
  const least = which.pipeline === 1 ? 50_000 : 400_000;
  return { requests: Math.max(least, Math.round((sample.rate * seconds) / 1000) * 1000) };
}

/** Loads a proxy once: 50 connections, random keys of those that are loaded. Throws `Misses` when a GET found nothing. */
export async function measure(
  stage: RedisStage,
  proxy: RunningProxy,
  which: ThroughputCase,
  { requests }: Warmed,
): Promise<Sample> {
  const before = counted(stage.shards);
  const sample = await sampled(proxy.pid, async () => {
    const output = await stage.processes.run(LOAD_CORE, 'redis-benchmark', [
      ...['-p', String(proxy.port), '-c', '50', '-n', String(requests), '-P', String(which.pipeline)],
      ...['-r', String(KEYS), '-d', String(VALUE_BYTES), '-t', which.command, '--csv'],
    ]);
    return { operations: requests, rate: rateOf(output) };
  });
  const after = counted(stage.shards);
  if (which.command === 'get') expectHits(proxy, requests, after.hits - before.hits, after.misses - before.misses);
  return sample;
}

function expectHits(proxy: RunningProxy, requests: number, hits: number, misses: number): void {
  if (misses === 0 && hits >= requests) return;
  throw new BenchError(
    'Misses',
    `${proxy.name}: of ${requests} GETs the shards counted ${hits} hits and ${misses} misses; every one must hit`,
  );
}

/** Requests a second from redis-benchmark's CSV. Throws `NoRate` when it has none. */
export function rateOf(csv: string): number {
  const rate = /^"(?:GET|SET)","([\d.]+)"/m.exec(csv)?.[1];
  if (rate === undefined) throw new BenchError('NoRate', `redis-benchmark printed no rate: ${csv.slice(0, 200)}`);
  return Number(rate);
}
