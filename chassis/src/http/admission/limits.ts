/** How many requests may be under way at once, as learnt from how they went. */
export interface ConcurrencyLimit {
  /** A whole number, 1 or more. */
  readonly limit: number;
  /**
   * One request is done.
   * @param latencyMs from its sending to the head of its answer
   * @param inFlight how many were under way, this one included
   * @param ok false when it timed out
   */
  sample(now: number, latencyMs: number, inFlight: number, ok: boolean): void;
}

/** A limit that learns nothing: the off-switch of adaptive limits. */
export class FixedLimit implements ConcurrencyLimit {
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  sample(): void {}
}
