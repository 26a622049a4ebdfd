import type { Random } from '@motif/kit';
import { backoffCeiling } from '@motif/kit';

export interface CircuitOptions {
  /** Failures in a row until what is behind it counts as dead; 1 or more. */
  readonly ejectAfter: number;
  /** Milliseconds from its opening to the first probe; doubles with each probe that fails. */
  readonly retryAfterMs: number;
  /** The longest wait between probes, in milliseconds. */
  readonly maxRetryMs: number;
}

/**
 * Whether an endpoint or a shard counts as dead. Closed: traffic goes. After `ejectAfter` failures in a row it opens: no traffic until
 * `probeAt`, then one probe at a time (half open); a good one closes it, a failed one doubles the wait. Pure: time is an argument, in
 * milliseconds of the monotonic clock. (The pattern: M. Nygard, Release It!, "Circuit Breaker".)
 */
export class Circuit {
  readonly #options: CircuitOptions;
  readonly #random: Random;
  #open = false;
  #failures = 0;
  #failedProbes = 0;
  #probeAt = 0;
  #probing = false;

  constructor(options: CircuitOptions, random: Random) {
    this.#options = options;
    this.#random = random;
  }

  /** Whether it counts as dead. */
  get open(): boolean {
    return this.#open;
  }

  /** When the next probe is due; only while open. */
  get probeAt(): number {
    return this.#probeAt;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Asks to send something. While open, the first to ask from `probeAt` on becomes the probe: it must report `success` or `failure`, or
   * give up its turn with `abandon`.
   */
  admit(now: number): boolean {
    if (!this.#open) return true;
    if (this.#probing || now < this.#probeAt) return false;
    this.#probing = true;
    return true;
  }

  /** It answered. @returns whether this closed the circuit */
  success(): boolean {
    this.#failures = 0;
    this.#probing = false;
    if (!this.#open) return false;
    this.#open = false;
    return true;
  }

  /** It did not answer, or refused to be reached. @returns whether this opened the circuit */
  failure(now: number): boolean {
    this.#failures++;
    if (this.#open) {
      // What was sent before it opened fails later: that says nothing new, and must not put the next probe off.
      if (!this.#probing) return false;
      this.#probing = false;
      this.#failedProbes++;
      this.#wait(now);
      return false;
    }
    if (this.#failures < this.#options.ejectAfter) return false;
    this.#open = true;
    this.#failedProbes = 0;
    this.#wait(now);
    return true;
  }

  /** The probe was called off before it could tell anything: the next to ask is the probe. */
  abandon(): void {
    this.#probing = false;
  }

  /** Between three quarters and the whole of the doubled wait: proxies that saw it die together do not probe in step, at the cap neither. */
  #wait(now: number): void {
    const { retryAfterMs, maxRetryMs } = this.#options;
    const capMs = Math.max(maxRetryMs, retryAfterMs);
    const ceiling = backoffCeiling(this.#failedProbes, { baseMs: retryAfterMs, capMs });
    this.#probeAt = now + ceiling * (0.75 + 0.25 * this.#random());
  }
}
