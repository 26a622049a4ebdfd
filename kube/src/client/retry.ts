import { type BackoffOptions, backoffDelay, type Random } from '@motif/kit';
import type { KubeApiError } from '../errors.ts';

/** Whether a call may be carried out twice: `no` only where the first attempt was surely not carried out (`create`, JSON patches). */
export type Repeatable = 'yes' | 'no';

export interface RetryQuestion {
  readonly error: KubeApiError;
  readonly repeatable: Repeatable;
  /** Attempts made, at least 1. */
  readonly attempts: number;
  /** Time (ms) until the call's deadline. */
  readonly remainingMs: number;
}

/** Attempts of one call, the first included. */
export const MAX_ATTEMPTS = 6;

/** Pauses between attempts: 0.1 s, doubling to 5 s, full jitter. */
export const RETRY_BACKOFF: BackoffOptions = { baseMs: 100, capMs: 5_000 };

/**
 * The pause (ms) before the same call is made again, or undefined when its error is to be handed to the caller.
 * 429 and 503 with `Retry-After` are waited out where the deadline allows, with jitter on top so that not all come back at once.
 */
export function retryDelay(question: RetryQuestion, random: Random): number | undefined {
  const { error, repeatable, attempts, remainingMs } = question;
  if (!error.retryable || attempts >= MAX_ATTEMPTS) return undefined;
  if (repeatable === 'no' && error.maybeApplied) return undefined;
  const jittered = backoffDelay(attempts - 1, RETRY_BACKOFF, random);
  const delay = error.retryAfterMs === undefined ? jittered : error.retryAfterMs + jittered;
  return delay < remainingMs ? delay : undefined;
}
