import { CELLS, cellOf, cellStart } from '@motif/kit/metrics/cells';

const LARGEST = 2 ** 31 - 1;

/** Cells are of whole microseconds, so the largest latency that is told apart is about 36 minutes. */
const PER_MS = 1000;

/**
 * Latencies of late, to ask percentiles of: log-linear cells (1/16 of a value wide) in two halves. When the younger half is full the older
 * one is forgotten, so that an answer always rests on the last one to two times `span` values. Recording allocates nothing.
 */
export class LatencyHistogram {
  readonly #span: number;
  #young = new Uint32Array(CELLS);
  #old = new Uint32Array(CELLS);
  #youngCount = 0;
  #oldCount = 0;

  /** @param span how many values a half takes, 1 or more */
  constructor(span = 1000) {
    this.#span = span;
  }

  /** How many values an answer rests on. */
  get count(): number {
    return this.#youngCount + this.#oldCount;
  }

  /** Counts one latency in milliseconds; what is below 0 or no number counts as 0. */
  record(ms: number): void {
    if (this.#youngCount >= this.#span) this.#turn();
    const micros = ms * PER_MS;
    const cell = cellOf(micros > 0 ? (micros < LARGEST ? micros | 0 : LARGEST) : 0);
    this.#young[cell] = (this.#young[cell] as number) + 1;
    this.#youngCount++;
  }

  /**
   * The latency in milliseconds that `percent` (above 0, to 100) of the values do not exceed: at least the true one and at most a
   * sixteenth above, as it is the upper end of a cell. 0 while there are no values. Takes a few hundred steps: not for each request.
   */
  percentile(percent: number): number {
    let left = Math.ceil((this.count * percent) / 100);
    if (left === 0) return 0;
    for (let cell = 0; cell < CELLS; cell++) {
      left -= (this.#young[cell] as number) + (this.#old[cell] as number);
      if (left <= 0) return cellStart(cell + 1) / PER_MS;
    }
    return LARGEST / PER_MS;
  }

  #turn(): void {
    const forgotten = this.#old.fill(0);
    this.#old = this.#young;
    this.#oldCount = this.#youngCount;
    this.#young = forgotten;
    this.#youngCount = 0;
  }
}
