import type { Random } from './random.ts';

/** The bounds of a back-off, in milliseconds. */
export interface BackoffOptions {
  /** The longest first delay; above 0. */
  readonly baseMs: number;
  /** No delay is longer; at least `baseMs`. */
  readonly capMs: number;
}

/** min(cap, base · 2^attempt): the upper bound of the delay before the retry after attempt number `attempt` (0 is the first). */
export function backoffCeiling(attempt: number, { baseMs, capMs }: BackoffOptions): number {
  // 2^1024 is Infinity, so a large attempt simply meets the cap.
  return Math.min(capMs, baseMs * 2 ** Math.max(attempt, 0));
}

/**
 * Exponential back-off with full jitter: evenly between 0 and `backoffCeiling`. Among the usual variants it makes the least work for a
 * service that many clients retry against. Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffDelay(attempt: number, options: BackoffOptions, random: Random): number {
  return random() * backoffCeiling(attempt, options);
}
