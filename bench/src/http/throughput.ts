import type { RunningProxy } from '../ambassador.ts';
import { cpuMicroseconds } from '../processes.ts';
import { sampled } from '../rounds.ts';
import type { Sample } from '../statistics.ts';
import { type HttpStage, runLoad } from './stage.ts';

/** Connections of the clients. */
export const CONNECTIONS = 32;

/** One way of loading the proxies, as fast as they answer. */
export interface HttpCase {
  readonly name: string;
  /** Bytes of an answer's body. */
  readonly size: number;
  /** Bytes of a request's body; 0: GET. */
  readonly upload: number;
}

export const CASES: readonly HttpCase[] = [
  { name: 'small', size: 100, upload: 0 },
  { name: '16k', size: 16 << 10, upload: 0 },
  { name: '1m', size: 1 << 20, upload: 0 },
  { name: 'post16k', size: 100, upload: 16 << 10 },
];

/** What `bench/http/load` prints of a closed loop. */
interface Throughput {
  readonly done: number;
  readonly seconds: number;
}

/** Loads a proxy once: each connection asks again as soon as it has its answer, of which every byte is checked. */
export function measure(stage: HttpStage, proxy: RunningProxy, which: HttpCase, seconds: number): Promise<Sample> {
  return sampled(proxy.pid, async () => {
    const { done, seconds: took } = await closed(stage, proxy.port, which, seconds);
    return { operations: done, rate: done / took };
  });
}

/** CPU time after which a proxy's code has been compiled as well as it will be, and how often that is tried for on a machine that has none to spare. */
const WARM_MICROSECONDS = 1_500_000;
const WARM_RUNS = 15;

/** Loads a proxy until its code is warm. By CPU time, not by the clock: neighbours may leave it little of that. */
export async function warmUp(stage: HttpStage, proxy: RunningProxy, which: HttpCase): Promise<void> {
  const enough = cpuMicroseconds(proxy.pid) + WARM_MICROSECONDS;
  for (let i = 0; i < WARM_RUNS && cpuMicroseconds(proxy.pid) < enough; i++) await closed(stage, proxy.port, which, 1);
}

/** Requests a second of the clients and backends alone: what a proxy must stay below for it to be what is measured. */
export async function directRate(stage: HttpStage, which: HttpCase, seconds: number): Promise<number> {
  const { done, seconds: took } = await closed(stage, stage.shards[0] as number, which, seconds);
  return Math.round(done / took);
}

function closed(stage: HttpStage, port: number, which: HttpCase, seconds: number): Promise<Throughput> {
  return runLoad(stage, port, ...loadArguments(which), '-mode', 'closed', '-duration', `${seconds}s`);
}

/** What says to the load generator which requests to send. */
export function loadArguments({ size, upload }: HttpCase): string[] {
  return ['-connections', String(CONNECTIONS), '-size', String(size), '-upload', String(upload)];
}
