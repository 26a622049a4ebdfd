import { median, rounded } from './statistics.ts';

/** Latencies in milliseconds from the moment a request was due (open loop), as the load generators report them. */
export interface Latency {
  readonly sent: number;
  /** Error replies among them. */
  readonly errors: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** The median of each figure over all rounds; errors are added up. */
export function medianLatency(all: readonly Latency[]): Latency {
  const of = (pick: (one: Latency) => number): number => rounded(median(all.map(pick)));
  return {
    sent: of((one) => one.sent),
    errors: all.reduce((sum, one) => sum + one.errors, 0),
    seconds: of((one) => one.seconds),
    p50: of((one) => one.p50),
    p90: of((one) => one.p90),
    p99: of((one) => one.p99),
    p999: of((one) => one.p999),
    max: of((one) => one.max),
  };
}
