import type { BackoffOptions, Random } from '@motif/kit';
import { backoffDelay } from '@motif/kit';

/** Attempts of one request, the first included. */
export const MOST_ATTEMPTS = 3;

/** How an attempt failed: as much as decides whether another may be made. */
export type AttemptFailure =
  /** No connection came up: nothing was sent. */
  | 'refused'
  /** A kept connection was closed before any byte of an answer: the endpoint may have closed it while it was idle (RFC 9112, 9.3.1). */
  | 'stale'
  /** A new connection broke, or what came was no answer, before anything was passed on. */
  | 'broken'
  /** It took too long. */
  | 'timeout';

/** What is known about a request whose attempt failed. */
export interface RetryFacts {
  readonly failure: AttemptFailure;
  /** Its method is idempotent (RFC 9110, 9.2.2), or it carries an `Idempotency-Key`. */
  readonly idempotent: boolean;
  /** Its head and body are kept whole. */
  readonly replayable: boolean;
  /** Something of an answer went to the client. */
  readonly answered: boolean;
  /** The caller said `x-motif-attempt`: it retries itself. */
  readonly callerRetries: boolean;
  /** Attempts made, 1 or more. */
  readonly attempts: number;
  /** Milliseconds until its deadline. */
  readonly leftMs: number;
}

/**
 * Whether another attempt may be made; the budget is to be asked after it. What never reached an endpoint may be sent again whatever its
 * method; what may have reached one only if doing it twice is doing it once. A request that timed out is not sent again: there is no time
 * left, and the endpoint may still be at it.
 */
export function mayRetry({
  failure,
  idempotent,
  replayable,
  answered,
  callerRetries,
  attempts,
  leftMs,
}: RetryFacts): boolean {
  if (answered || callerRetries || !replayable || attempts >= MOST_ATTEMPTS || leftMs <= 0) return false;
  return failure === 'refused' || (idempotent && failure !== 'timeout');
}

/** Between attempts, from the second retry on. */
const BACKOFF: BackoffOptions = { baseMs: 25, capMs: 250 };

/**
 * Milliseconds before the next attempt. The first goes at once, as another endpoint or a new connection takes it; further ones wait with
 * full jitter, at most half of what is left until the deadline.
 * @param attempts made so far, 1 or more
 */
export function retryDelayMs(attempts: number, leftMs: number, random: Random): number {
  return attempts <= 1 ? 0 : Math.min(backoffDelay(attempts - 2, BACKOFF, random), leftMs / 2);
}
