import type { Random } from '@motif/kit';
import { Circuit, type CircuitOptions } from '../../resilience/circuit.ts';

/** When an endpoint is left out of its set: `ejectAfter` failures in a row, or most of what it was asked within a while. */
export type OutlierOptions = CircuitOptions;

/** Requests and failures are weighed over this long, in milliseconds (Envoy's `outlier_detection.interval` has the same). */
const WINDOW_MS = 10_000;

/** So many requests in a window say enough about the share that fails. */
const ENOUGH = 20;

/** What is known about one endpoint's health. Kept while the endpoint's name and address stay. */
export class EndpointHealth {
  readonly circuit: Circuit;
  /** It would be ejected, were it not for the others that are. */
  spared = false;
  /** The last that was heard of it is a failure. */
  failing = false;
  readonly #ejectAfter: number;
  #windowEnd = 0;
  #requests = 0;
  #failures = 0;

  constructor(options: OutlierOptions, random: Random) {
    this.circuit = new Circuit(options, random);
    this.#ejectAfter = options.ejectAfter;
  }

  /** Counts one verdict in the window. */
  count(failed: boolean, now: number): void {
    if (now >= this.#windowEnd) {
      this.#windowEnd = now + WINDOW_MS;
      this.#requests = 0;
      this.#failures = 0;
    }
    this.#requests++;
    if (failed) this.#failures++;
  }

  /** The share that failed in this window, 0 to 1; 0 while there was nothing. */
  failureShare(now: number): number {
    return now < this.#windowEnd ? this.#failures / this.#requests : 0;
  }

  /** Whether this window has seen enough for its share to mean something. */
  get telling(): boolean {
    return this.#requests >= ENOUGH;
  }

  /** It is back: what was counted before does not count against it. */
  forget(): void {
    this.#windowEnd = 0;
    this.#requests = 0;
    this.#failures = 0;
  }

  /** Whether one more failure makes it an outlier by count. */
  get onTheBrink(): boolean {
    return this.circuit.failures + 1 >= this.#ejectAfter;
  }
}
