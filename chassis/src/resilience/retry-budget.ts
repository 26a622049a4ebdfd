export interface RetryBudgetOptions {
  /** Retries per request, on top: 0.2 lets a fifth be retried. */
  readonly ratio: number;
  /** Retries that are there from the start, so that little traffic can be retried too. */
  readonly reserve: number;
  /** The most that quiet times may save up. */
  readonly most: number;
}

/** What the proxies of Motif use: at most a fifth on top. */
export const RETRY_BUDGET: RetryBudgetOptions = { ratio: 0.2, reserve: 10, most: 100 };

/**
 * Bounds retries as a share of requests, so that an outage is not made worse by those who wait for its end: each request pays in `ratio`,
 * each retry costs 1. (The idea: Finagle's RetryBudget, Twitter, 2016.)
 */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  #balance: number;

  constructor(options: RetryBudgetOptions = RETRY_BUDGET) {
    this.#options = options;
    this.#balance = options.reserve;
  }

  /** A request that is no retry was made. */
  request(): void {
    this.#balance = Math.min(this.#options.most, this.#balance + this.#options.ratio);
  }

  /** Takes one retry out of the budget; false when there is none left. */
  tryRetry(): boolean {
    if (this.#balance < 1) return false;
    this.#balance -= 1;
    return true;
  }
}
