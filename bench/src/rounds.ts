import { cpuMicroseconds, waitedMicroseconds } from './processes.ts';
import { bestRate, type CaseResult, median, type Round, rounded, type Sample, summarize } from './statistics.ts';

/** Our proxy and the peer: processes, or what was found about each. */
export interface Pair<T> {
  readonly ours: T;
  readonly peer: T;
}

/** Where progress is told, a line at a time. */
export type Say = (line: string) => void;

/** Runs `measureOne` for each side in turn; who begins changes from round to round. */
export async function inTurn<S extends string, T>(
  round: number,
  sides: readonly S[],
  measureOne: (side: S) => Promise<T>,
): Promise<Record<S, T>> {
  const found: Partial<Record<S, T>> = {};
  for (let i = 0; i < sides.length; i++) {
    const side = sides[(round + i) % sides.length] as S;
    found[side] = await measureOne(side);
  }
  return found as Record<S, T>;
}

/** What a load generator did: how many operations, and how many a second of its own time. */
export interface Done {
  readonly operations: number;
  readonly rate: number;
}

/** CPU time of a process while `load` runs, divided by its operations. @param pid of the proxy */
export async function sampled(pid: number, load: () => Promise<Done>): Promise<Sample> {
  const before = { cpu: cpuMicroseconds(pid), waited: waitedMicroseconds(pid) };
  const { operations, rate } = await load();
  const cpu = cpuMicroseconds(pid) - before.cpu;
  const waited = waitedMicroseconds(pid) - before.waited;
  // By the load's clock: starting it is not part of what is measured.
  const elapsed = (operations / rate) * 1e6;
  return { microseconds: cpu / operations, rate, busy: cpu / elapsed, waited: waited / elapsed };
}

/** One round of one case in a line. */
export function roundLine(round: Round): string {
  const side = (name: string, sample: Sample): string =>
    `${name} ${sample.microseconds.toFixed(2)} µs (${percent(sample.busy)} busy, ${Math.round(sample.rate)}/s)`;
  const all = Object.entries(round).map(([name, sample]: [string, Sample]) => side(name, sample));
  return `${all.join(', ')}, ratio ${(round.peer.microseconds / round.ours.microseconds).toFixed(2)}`;
}

/** A case with what a reader needs to trust it; `S` are the sides. */
export interface BenchCase<S extends string> extends CaseResult {
  /** Medians of the share of the core that each proxy used. */
  readonly busy: Readonly<Record<S, number>>;
  /** Medians of the share of the time that neighbours had the proxies' core. */
  readonly waited: Readonly<Record<S, number>>;
  /** Highest rate of each while it was busy enough for a rate to count; absent when it never was. */
  readonly rate: Readonly<Record<S, number | undefined>>;
}

/** The medians of all rounds. */
export function caseOf<S extends 'ours' | 'peer' | string>(
  rounds: readonly (Readonly<Record<S, Sample>> & Round)[],
  sides: readonly S[],
): BenchCase<S> {
  const of = <T>(pick: (samples: readonly Sample[]) => T): Record<S, T> =>
    Object.fromEntries(sides.map((side) => [side, pick(rounds.map((round) => round[side]))])) as Record<S, T>;
  const medianOf = (pick: (sample: Sample) => number): Record<S, number> =>
    of((samples) => rounded(median(samples.map(pick))));
  return {
    ...summarize(rounds),
    busy: medianOf((sample) => sample.busy),
    waited: medianOf((sample) => sample.waited),
    rate: of(bestRate),
  };
}

/** 0.5 as `50 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
