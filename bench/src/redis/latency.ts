import type { RunningProxy } from '../ambassador.ts';
import type { Latency } from '../latency.ts';
import { cpuMicroseconds, memory } from '../processes.ts';
import { LOAD_CORE } from '../stage.ts';
import { rounded } from '../statistics.ts';
import type { RedisStage } from './stage.ts';
import { KEYS, VALUE_BYTES } from './throughput.ts';

/** Sends GETs at `rate` a second over 50 connections, whether or not answers come back. */
export async function openLoop(stage: RedisStage, port: number, rate: number, seconds: number): Promise<Latency> {
  const output = await stage.processes.run(LOAD_CORE, stage.load, [
    ...['-address', `127.0.0.1:${port}`, '-mode', 'open', '-connections', '50', '-rate', String(Math.round(rate))],
    ...['-duration', `${seconds}s`, '-keys', String(KEYS), '-size', String(VALUE_BYTES)],
  ]);
  return JSON.parse(output) as Latency;
}

/** Loads all keys through a proxy, so that each is where that proxy looks for it. */
export async function fill(stage: RedisStage, proxy: RunningProxy): Promise<void> {
  const where = ['-address', `127.0.0.1:${proxy.port}`];
  await stage.processes.run(LOAD_CORE, stage.load, [
    ...where,
    '-mode',
    'fill',
    '-keys',
    String(KEYS),
    '-size',
    String(VALUE_BYTES),
  ]);
}

/** What clients of small values and the proxy's memory suffer while others fetch big ones. */
export interface BigValues {
  /** Seconds that one GET of 64 MB took. */
  readonly get64: number;
  /** Latency of small GETs while a client loops over a 16 MB value and another has asked for it 20 times and never reads. */
  readonly small: Latency;
  /** The loop's megabytes a second meanwhile. */
  readonly loopRate: number;
  /** Share of one core that the proxy used meanwhile. */
  readonly busy: number;
  /** Most memory the proxy has held from its start to the end of all this, in MiB. */
  readonly peak: number;
}

/** Rate of the small GETs beside the big values: far from any proxy's limit, so that what is seen is the big ones' doing. */
export const SMALL_RATE = 2000;

/** Runs the section of big values on a proxy of its own. */
export async function bigValues(stage: RedisStage, proxy: RunningProxy, seconds: number): Promise<BigValues> {
  const load = async (...args: string[]): Promise<{ bytes: number; seconds: number }> =>
    JSON.parse(await stage.processes.run(LOAD_CORE, stage.load, ['-address', `127.0.0.1:${proxy.port}`, ...args]));
  await load('-mode', 'set', '-key', 'big:64', '-size', '64000000');
  await load('-mode', 'set', '-key', 'big:16', '-size', '16000000');
  const once = await load('-mode', 'get', '-key', 'big:64');
  const cpu = cpuMicroseconds(proxy.pid);
  const begin = performance.now();
  const together = `${seconds + 1}s`;
  const [small, loop] = await Promise.all([
    openLoop(stage, proxy.port, SMALL_RATE, seconds),
    load('-mode', 'loop', '-key', 'big:16', '-duration', together),
    load('-mode', 'stuck', '-key', 'big:16', '-count', '20', '-duration', together),
  ]);
  const busy = (cpuMicroseconds(proxy.pid) - cpu) / ((performance.now() - begin) * 1000);
  return {
    get64: rounded(once.seconds),
    small,
    loopRate: rounded(loop.bytes / 1e6 / loop.seconds),
    busy: rounded(busy),
    peak: rounded(memory(proxy.pid).peak),
  };
}
