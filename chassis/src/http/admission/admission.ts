import type { ConcurrencyLimit } from './limits.ts';

/** A request that waits for its turn. Exactly one of the two is called, unless it is cancelled before. */
export interface Waiter {
  /** Its turn: it counts as under way and must `leave`. */
  admitted(): void;
  /** It waited too long, or newer ones took its place: 503. */
  shed(): void;
}

export interface AdmissionOptions {
  readonly limit: ConcurrencyLimit;
  /** How many may wait; 0 sheds at once what is above the limit. */
  readonly queueLength: number;
  /** The longest wait, in milliseconds. */
  readonly queueAgeMs: number;
}

/**
 * Bounds what is under way, and how much waits for it. The newest waits least: in an overload every request of a fair queue waits until its
 * caller has given up, and all work is for nobody (B. Maurer, "Fail at Scale", ACM Queue 13/8, 2015: adaptive LIFO). So the queue is a
 * short stack: a full one sheds its oldest, and whoever waits too long is shed. Pure: time is an argument, in milliseconds of the
 * monotonic clock.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  /** The oldest first, and since when each waits. */
  readonly #waiting: Waiter[] = [];
  readonly #since: number[] = [];
  #inFlight = 0;
  #shed = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Requests under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Requests that wait. */
  get queued(): number {
    return this.#waiting.length;
  }

  /** How many were shed so far. */
  get shed(): number {
    return this.#shed;
  }

  /** How many may be under way now. */
  get limit(): number {
    return this.#options.limit.limit;
  }

  /** Takes a place if there is one: then the request must `leave`. */
  tryEnter(): boolean {
    if (this.#inFlight >= this.#options.limit.limit) return false;
    this.#inFlight++;
    return true;
  }

  /** Waits for a place, after `tryEnter` said no. @returns false when nobody may wait: the caller answers 503 */
  wait(waiter: Waiter, now: number): boolean {
    const { queueLength } = this.#options;
    if (queueLength === 0) {
      this.#shed++;
      return false;
    }
    this.#waiting.push(waiter);
    this.#since.push(now);
    if (this.#waiting.length > queueLength) this.#shedOldest();
    return true;
  }

  /** Its client is gone: it waits no more. Nothing happens if it does not wait. */
  cancel(waiter: Waiter): void {
    const index = this.#waiting.lastIndexOf(waiter);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    this.#since.splice(index, 1);
  }

  /**
   * A request that was under way is done.
   * @param latencyMs from its sending to the head of its answer; -1 when that says nothing about load (refused, client gone)
   * @param ok false when it timed out
   */
  leave(now: number, latencyMs: number, ok: boolean): void {
    const { limit } = this.#options;
    if (latencyMs >= 0) limit.sample(now, latencyMs, this.#inFlight, ok);
    this.#inFlight--;
    while (this.#waiting.length > 0 && this.#inFlight < limit.limit) {
      const waiter = this.#waiting.pop() as Waiter;
      const since = this.#since.pop() as number;
      if (now - since > this.#options.queueAgeMs) {
        this.#shed++;
        waiter.shed();
        continue;
      }
      this.#inFlight++;
      waiter.admitted();
    }
  }

  /** Sheds those that have waited too long; to be called every few dozen milliseconds while any wait. */
  expire(now: number): void {
    while (this.#waiting.length > 0 && now - (this.#since[0] as number) > this.#options.queueAgeMs) this.#shedOldest();
  }

  #shedOldest(): void {
    const oldest = this.#waiting.shift() as Waiter;
    this.#since.shift();
    this.#shed++;
    oldest.shed();
  }
}
