import { Flusher } from '../flusher.ts';

/** A flusher whose turns end when the test says so. */
export class Turns {
  readonly #ends: (() => void)[] = [];
  readonly flusher = new Flusher({
    defer: (run) => {
      this.#ends.push(run);
    },
  });

  /** Ends turns until nothing is to be flushed any more. */
  end(): void {
    for (let run = this.#ends.shift(); run !== undefined; run = this.#ends.shift()) run();
  }
}
