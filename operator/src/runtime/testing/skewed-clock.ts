import type { Clock, TimerHandle } from '@motif/kit';

/** How one process sees time: faster or slower than the true clock, from another start, and not at all while it is stopped. */
export class SkewedClock implements Clock {
  readonly #base: Clock;
  readonly #rate: number;
  readonly #offset: number;
  #deferred: (() => void)[] | undefined;

  constructor(base: Clock, rate: number, offset: number) {
    this.#base = base;
    this.#rate = rate;
    this.#offset = offset;
  }

  now(): number {
    return this.#base.now() * this.#rate + this.#offset;
  }

  monotonic(): number {
    return this.#base.monotonic() * this.#rate + Math.abs(this.#offset);
  }

  setTimeout(fn: () => void, ms: number): TimerHandle {
    const due = () => {
      if (this.#deferred === undefined) fn();
      else this.#deferred.push(fn);
    };
    return this.#base.setTimeout(due, ms / this.#rate);
  }

  clearTimeout(timer: TimerHandle): void {
    this.#base.clearTimeout(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = this.setTimeout(resolve, ms);
      const onAbort = () => {
        this.clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** SIGSTOP: timers that come due wait. */
  pause(): void {
    this.#deferred ??= [];
  }

  /** SIGCONT: what waited runs now, late. */
  resume(): void {
    const deferred = this.#deferred ?? [];
    this.#deferred = undefined;
    for (const fn of deferred) fn();
  }
}
