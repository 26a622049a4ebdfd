import type { Random } from '@motif/kit';
import { backoffCeiling } from '@motif/kit';

export interface CircuitOptions {
  /** Failures in a row until what is behind it counts as dead; 1 or more. */
  readonly ejectAfter: number;
  /** Milliseconds from its opening to the first probe; doubles with each probe that fails. */
  readonly retryAfterMs: number;
  /** The longest wait between probes, in milliseconds. */
  readonly maxRetryMs: number;
  /** Milliseconds after it closed in which traffic comes back step by step; all at once unless told. */
  readonly recoverMs?: number;
}

/** The share of traffic that a circuit which has just closed lets through. */
const FIRST_SHARE = 0.1;

/** While it recovers, as much as this in flight is let through whatever the share: it cannot hurt, and light traffic sees no refusals. */
const LIGHT = 2;

/**
 * Whether an endpoint or a shard counts as dead. Closed: traffic goes. After `ejectAfter` failures in a row it opens: no traffic until
 * `probeAt`, then one probe at a time (half open); a good one closes it, a failed one doubles the wait. With `recoverMs` it
 * then lets through a share that grows evenly from a tenth to all: callers that waited do not all come at once; when it opens again
 * meanwhile, the waits go on where they were. Pure: time is an argument, in milliseconds of the monotonic clock. (The pattern: M. Nygard,
 * Release It!, "Circuit Breaker"; the recovery: as in Traefik's CircuitBreaker, `recoveryDuration`.)
 */
export class Circuit {
  readonly #options: CircuitOptions;
  readonly #random: Random;
  #open = false;
  #failures = 0;
  #failedProbes = 0;
  #probeAt = 0;
  #probing = false;
  /** Closed again, but not yet for all. */
  #recovering = false;
  /** When the recovery began: with the first question after it closed. */
  #recoverFrom = Number.NaN;

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

  /** The share of traffic that goes, from 0 (open) to 1. */
  share(now: number): number {
    if (this.#open) return 0;
    if (!this.#recovering) return 1;
    if (Number.isNaN(this.#recoverFrom)) this.#recoverFrom = now;
    const done = (now - this.#recoverFrom) / (this.#options.recoverMs ?? 0);
    if (done < 1) return FIRST_SHARE + (1 - FIRST_SHARE) * Math.max(done, 0);
    this.#recovering = false;
    this.#failedProbes = 0;
    return 1;
  }

  /**
   * Asks to send something. While open, the first to ask from `probeAt` on becomes the probe: it must report `success` or `failure`, or
   * give up its turn with `abandon`. While it recovers, chance decides by the share.
   * @param inFlight what is under way behind it; leave it out where something else can take the request
   */
  admit(now: number, inFlight = LIGHT): boolean {
    if (!this.#open) {
      if (!this.#recovering) return true;
      return inFlight < LIGHT || this.#random() < this.share(now);
    }
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
    this.#recovering = (this.#options.recoverMs ?? 0) > 0;
    this.#recoverFrom = Number.NaN;
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
    this.trip(now);
    return true;
  }

  /** Opens it, closed as it is, for a reason of the caller's own. */
  trip(now: number): void {
    this.#open = true;
    // It came back too early: the next probe waits longer than the last one did.
    this.#failedProbes = this.#recovering ? this.#failedProbes + 1 : 0;
    this.#recovering = false;
    this.#wait(now);
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
