/** How many samples a rate looks back: with one a second, ten seconds. */
const SPAN = 10;

/** The rate of a count that only grows, over the last ten samples. */
export class Rate {
  readonly #at = new Float64Array(SPAN + 1);
  readonly #counts = new Float64Array(SPAN + 1);
  #next = 0;
  #size = 0;

  /** What is counted stands at `count` now. @param now milliseconds of the monotonic clock */
  sample(now: number, count: number): void {
    this.#at[this.#next] = now;
    this.#counts[this.#next] = count;
    this.#next = (this.#next + 1) % this.#at.length;
    this.#size = Math.min(this.#size + 1, this.#at.length);
  }

  /** Per second; 0 before the second sample. */
  get perSecond(): number {
    const length = this.#at.length;
    const last = (this.#next + length - 1) % length;
    const first = (this.#next + length - this.#size) % length;
    const ms = (this.#at[last] as number) - (this.#at[first] as number);
    return this.#size < 2 || ms <= 0
      ? 0
      : (((this.#counts[last] as number) - (this.#counts[first] as number)) / ms) * 1000;
  }
}
