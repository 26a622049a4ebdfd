import { LatencyHistogram } from '../../resilience/latency-histogram.ts';
import { RetryBudget } from '../../resilience/retry-budget.ts';

export interface HedgeOptions {
  /** A second replica is asked when an answer takes longer than this percentile of the shard's answers of late; 1 to 99. */
  readonly afterPercentile: number;
  /** Second requests per hundred, at most; 1 to 100. */
  readonly budgetPercent: number;
}

/** So many answers have to be known before any request is hedged. */
const ENOUGH = 100;

/** The percentile is worked out anew after so many answers. */
const EVERY = 100;

/** Below this a second request costs more than it can save, in milliseconds. */
const LEAST_MS = 1;

/** The first second request is there from the start; quiet times save up to ten. */
const RESERVE = { reserve: 1, most: 10 };

/**
 * When a second replica of a shard is asked because the first is slow, for idempotent requests without a body. The first usable answer is
 * passed on and the other request cancelled. The budget keeps hedging from doubling the load of a shard that is slow as a whole.
 * (J. Dean and L. Barroso, "The Tail at Scale", CACM 56/2, 2013.)
 */
export class Hedge {
  readonly #options: HedgeOptions;
  readonly #latencies = new LatencyHistogram();
  readonly #budget: RetryBudget;
  #sinceTurn = 0;
  #delayMs = -1;

  constructor(options: HedgeOptions) {
    this.#options = options;
    this.#budget = new RetryBudget({ ratio: options.budgetPercent / 100, ...RESERVE });
  }

  /** A request that may be hedged is sent. @returns after how many milliseconds to call `trySpend`; -1: not this one */
  request(): number {
    this.#budget.request();
    return this.#delayMs;
  }

  /** The first replica's head of an answer came after so many milliseconds. A cancelled request counts with the time it had. */
  record(ms: number): void {
    this.#latencies.record(ms);
    this.#sinceTurn++;
    if (this.#sinceTurn < EVERY || this.#latencies.count < ENOUGH) return;
    this.#sinceTurn = 0;
    this.#delayMs = Math.max(LEAST_MS, this.#latencies.percentile(this.#options.afterPercentile));
  }

  /** The time is over and no answer is there: whether the second replica may be asked. Takes it out of the budget. */
  trySpend(): boolean {
    return this.#budget.tryRetry();
  }
}

/** Whether an answer is passed on although another replica may still answer: all but those that say that the replica does not work. */
export function isUsable(status: number): boolean {
  return status < 502 || status > 504;
}
