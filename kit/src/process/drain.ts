import type { Clock } from '../clock/clock.ts';

/** How a drain ended. */
export type DrainOutcome =
  | { readonly result: 'drained' }
  | { readonly result: 'timed out' }
  | { readonly result: 'failed'; readonly error: unknown };

/** What a drain may still take after its deadline was signalled, before it is given up. */
const LAST_CALL_MS = 500;

/**
 * Runs `drain` and ends within `ms` plus half a second, whatever it does: after `ms` its signal aborts, so that it can close what is
 * left by itself.
 */
export async function drainWithin(
  drain: (deadline: AbortSignal) => Promise<void>,
  ms: number,
  clock: Clock,
): Promise<DrainOutcome> {
  const deadline = new AbortController();
  const settled = new AbortController();
  const timeUp = clock
    .sleep(ms, settled.signal)
    .then(() => {
      deadline.abort(new Error('the time to drain is over'));
      return clock.sleep(LAST_CALL_MS, settled.signal);
    })
    .then(
      (): DrainOutcome => ({ result: 'timed out' }),
      (): DrainOutcome => ({ result: 'drained' }),
    );
  const drained = Promise.resolve(deadline.signal)
    .then(drain)
    .then(
      (): DrainOutcome => (deadline.signal.aborted ? { result: 'timed out' } : { result: 'drained' }),
      (error): DrainOutcome => (deadline.signal.aborted ? { result: 'timed out' } : { result: 'failed', error }),
    );
  try {
    return await Promise.race([drained, timeUp]);
  } finally {
    settled.abort();
  }
}
