import { setTimeout as sleep } from 'node:timers/promises';

import { ClusterError } from './errors.ts';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** Added to the message when time is over: what was last seen. */
  readonly seen?: () => string;
}

/**
 * Asks `probe` again and again until it gives something other than undefined or false.
 * @throws ClusterError `TimedOut` naming `what`; whatever `probe` throws ends the waiting at once.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs, everyMs = 100, seen }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() >= deadline) {
      const last = seen?.() ?? '';
      throw new ClusterError(
        'TimedOut',
        `${what}: not after ${Math.round(timeoutMs / 1000)} s${last ? ` (${last})` : ''}`,
      );
    }
    await sleep(everyMs);
  }
}
