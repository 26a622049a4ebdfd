import type { Metric, Registry } from 'prom-client';
import { MotifError } from '../errors.ts';

/** Label names and values of one time series. */
export type Labels = Readonly<Record<string, string>>;

/** One line of a scrape. */
export interface Sample {
  readonly metricName?: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

/** What describes a metric. */
export interface MetricOptions {
  /** With its unit and, for counters, `_total`: https://prometheus.io/docs/practices/naming/ */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly registry?: Registry;
}

/**
 * The time series of one metric of ours, by their labels. A registry of prom-client takes it like a metric of its own; what is counted
 * costs no hashing of labels, since callers keep the series that `series` returned.
 */
export abstract class SeriesCollector<S> {
  readonly name: string;
  readonly help: string;
  abstract readonly type: 'counter' | 'histogram';
  readonly aggregator = 'sum';
  readonly #labelNames: readonly string[];
  readonly #series = new Map<string, { labels: Labels; series: S }>();

  constructor({ name, help, labelNames = [], registry }: MetricOptions) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
    // The registry only calls `get` and `reset` and reads the fields above; prom-client's type asks for a class of its own.
    registry?.registerMetric(this as unknown as Metric<string>);
  }

  protected abstract create(): S;
  protected abstract samples(labels: Labels, series: S): Sample[];

  /** The series of these labels, which from now on is in each scrape, at zero until something is counted. */
  series(labels: Labels = {}): S {
    const key = this.#key(labels);
    let entry = this.#series.get(key);
    if (entry === undefined) {
      entry = { labels: { ...labels }, series: this.create() };
      this.#series.set(key, entry);
    }
    return entry.series;
  }

  /** Takes a series out of the scrapes: what it stood for (a shard, an endpoint) is gone. */
  remove(labels: Labels): void {
    this.#series.delete(this.#key(labels));
  }

  /** What prom-client's registry asks for at a scrape. */
  async get() {
    const values: Sample[] = [];
    for (const { labels, series } of this.#series.values()) values.push(...this.samples(labels, series));
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values };
  }

  /** Sets all series to zero; only prom-client's `resetMetrics` calls it. Series that callers hold are no longer scraped. */
  reset(): void {
    for (const entry of this.#series.values()) entry.series = this.create();
  }

  #key(labels: Labels): string {
    const names = Object.keys(labels);
    if (names.length !== this.#labelNames.length || !this.#labelNames.every((name) => name in labels)) {
      const wanted = this.#labelNames.join(', ') || 'none';
      throw new MotifError(
        'WrongLabels',
        `${this.name} has the labels ${wanted}; given: ${names.join(', ') || 'none'}`,
      );
    }
    return JSON.stringify(this.#labelNames.map((name) => labels[name]));
  }
}

/** Every combination of label values: for making all series of a metric at zero. */
export function labelSets<const N extends string>(values: Readonly<Record<N, readonly string[]>>): Record<N, string>[] {
  let sets: Record<string, string>[] = [{}];
  for (const [name, choices] of Object.entries<readonly string[]>(values)) {
    sets = sets.flatMap((set) => choices.map((choice) => ({ ...set, [name]: choice })));
  }
  return sets as Record<N, string>[];
}
