/** What `setTimeout` returned; only good for `clearTimeout` of the same clock. */
export type TimerHandle = object;

/** Time, passed in so that logic can be tested without waiting. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970; it may jump. */
  now(): number;
  /** Milliseconds since an arbitrary moment, with fractions; it never goes back. */
  monotonic(): number;
  /** Calls `fn` once after `ms` milliseconds (0 to 2³¹−1; more is cut to that, about 24.8 days). */
  setTimeout(fn: () => void, ms: number): TimerHandle;
  clearTimeout(timer: TimerHandle): void;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node.js keeps timer delays in a signed 32-bit number and turns anything larger into 1 ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** `sleep` on top of the other methods of a clock. */
export function sleepOn(
  clock: Pick<Clock, 'setTimeout' | 'clearTimeout'>,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clock.clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, Math.min(Math.max(ms, 0), LONGEST_DELAY)),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  sleep: (ms, signal) => sleepOn(systemClock, ms, signal),
};
