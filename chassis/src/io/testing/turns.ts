import { Flusher, type Turns as TurnsOfLoop } from '../flusher.ts';

/** A flusher whose turns end when the test says so. */
export class Turns {
  readonly #ends: (() => void)[] = [];
  readonly flusher: Flusher;

  /** @param timing what `hold` needs: without it nothing is held back */
  constructor(timing: Omit<TurnsOfLoop, 'defer'> = {}) {
    this.flusher = new Flusher({
      defer: (run) => {
        this.#ends.push(run);
      },
      ...timing,
    });
  }

  /** Ends turns until nothing is to be flushed any more. */
  end(): void {
    for (let run = this.#ends.shift(); run !== undefined; run = this.#ends.shift()) run();
  }
}
