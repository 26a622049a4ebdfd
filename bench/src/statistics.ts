/** Middle of the values (mean of the two middle ones). NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** One measurement of one proxy in one round. */
export interface Sample {
  /** CPU microseconds (user and system, all threads) an operation. */
  readonly microseconds: number;
  /** Operations a second. */
  readonly rate: number;
  /** Share of one core that the proxy used while it was measured, 0 to 1. */
  readonly busy: number;
  /** Share of the time that it could have run but a neighbour had the core, 0 to 1: a quiet machine has next to nothing here. */
  readonly waited: number;
}

/** Both proxies in one round, measured right after one another. */
export interface Round {
  readonly ours: Sample;
  readonly peer: Sample;
}

/** A case as the JSON file of `npm run bench` has it: CPU microseconds an operation; `ratio` above 1: we are cheaper. */
export interface CaseResult {
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
}

/** A proxy that waits for its load shows the load's speed, not its own: only from this share on does a rate count. */
export const BUSY_ENOUGH = 0.95;

/** The medians, and the median, smallest and largest of the rounds' own ratios (paired, so that a noisy minute hits both). */
export function summarize(rounds: readonly Round[]): CaseResult {
  const ratios = rounds.map((round) => round.peer.microseconds / round.ours.microseconds);
  return {
    ours: rounded(median(rounds.map((round) => round.ours.microseconds))),
    peer: rounded(median(rounds.map((round) => round.peer.microseconds))),
    ratio: rounded(median(ratios)),
    min: rounded(Math.min(...ratios)),
    max: rounded(Math.max(...ratios)),
  };
}

/** The highest rate among samples of a busy proxy; undefined when it never was busy enough to say. */
export function bestRate(samples: readonly Sample[]): number | undefined {
  const rates = samples.filter((sample) => sample.busy >= BUSY_ENOUGH).map((sample) => sample.rate);
  return rates.length === 0 ? undefined : Math.max(...rates);
}

/** Two decimals are more than the noise allows. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
