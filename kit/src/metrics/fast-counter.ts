import type { Labels, Sample } from './collector.ts';
import { SeriesCollector } from './collector.ts';

/** One count. A typed array keeps it unboxed: adding allocates nothing. */
export class CounterSeries {
  readonly #cell = new Float64Array(1);

  /** Adds `amount`, at least 0. */
  add(amount: number): void {
    this.#cell[0] = (this.#cell[0] as number) + amount;
  }

  get value(): number {
    return this.#cell[0] as number;
  }
}

/** A counter for hot paths; prom-client's own looks its labels up on every increment. */
export class FastCounter extends SeriesCollector<CounterSeries> {
  readonly type = 'counter';

  protected create(): CounterSeries {
    return new CounterSeries();
  }

  protected samples(labels: Labels, series: CounterSeries): Sample[] {
    return [{ labels: { ...labels }, value: series.value }];
  }
}
