import { MotifError } from '../errors.ts';
import { CELLS, cellOf, cellStart } from './cells.ts';
import type { Labels, MetricOptions, Sample } from './collector.ts';
import { SeriesCollector } from './collector.ts';

/** Upper bounds in seconds for calls inside a cluster: 100 µs to 10 s. */
export const LATENCY_BUCKETS: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Upper bounds in bytes: 64 B to 64 MiB. */
export const SIZE_BUCKETS: readonly number[] = [
  64,
  256,
  1024,
  4096,
  16_384,
  65_536,
  262_144,
  2 ** 20,
  2 ** 22,
  2 ** 24,
  2 ** 26,
];

const LARGEST = 2 ** 31 - 1;

/** From a value to its bucket, exactly: a table finds the first candidate, a comparison or two the bucket. */
class BucketTable {
  readonly bounds: Float64Array;
  readonly scale: number;
  readonly #first = new Uint16Array(CELLS);

  constructor(bounds: readonly number[], scale: number) {
    this.bounds = Float64Array.from(bounds);
    this.scale = scale;
    for (let cell = 0; cell < CELLS; cell++) {
      // Values are cut to whole units before their cell is sought: one below its start cannot be in it.
      const start = cellStart(cell) / scale;
      let bucket = 0;
      while (bucket < bounds.length && (bounds[bucket] as number) < start) bucket++;
      this.#first[cell] = bucket;
    }
  }

  find(value: number): number {
    const units = value * this.scale;
    const { bounds } = this;
    let bucket = this.#first[cellOf(units < LARGEST ? units | 0 : LARGEST)] as number;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    return bucket;
  }
}

/** One distribution. */
export class HistogramSeries {
  readonly #table: BucketTable;
  /** Counts by bucket, the last beyond all bounds, then the sum: one typed array, so that observing allocates nothing. */
  readonly #cells: Float64Array;

  constructor(table: BucketTable) {
    this.#table = table;
    this.#cells = new Float64Array(table.bounds.length + 2);
  }

  /** Counts one value, in the metric's base unit; what is below 0 or no number counts as 0. */
  observe(value: number): void {
    // NaN would spoil the sum for ever.
    const counted = Number.isNaN(value) ? 0 : Math.max(value, 0);
    const cells = this.#cells;
    const bucket = this.#table.find(counted);
    cells[bucket] = (cells[bucket] as number) + 1;
    const last = cells.length - 1;
    cells[last] = (cells[last] as number) + counted;
  }

  /** Cumulative counts by bound (the last is the count of all), and the sum. */
  read(): { cumulative: number[]; sum: number } {
    let count = 0;
    const cumulative = Array.from(this.#cells.subarray(0, -1), (cell) => {
      count += cell;
      return count;
    });
    return { cumulative, sum: this.#cells[this.#cells.length - 1] as number };
  }
}

export interface FastHistogramOptions extends MetricOptions {
  /** Upper bounds in the base unit, ascending, at most 64; `LATENCY_BUCKETS` unless told. */
  readonly buckets?: readonly number[];
  /** Units that tell values apart, per base unit: 1e6 (microseconds in a second) unless told; 1 for bytes. Only speed depends on it. */
  readonly scale?: number;
}

/** A histogram for hot paths: no look-up of labels, no allocation, a bucket by table instead of by search. Buckets are exact. */
export class FastHistogram extends SeriesCollector<HistogramSeries> {
  readonly type = 'histogram';
  readonly #table: BucketTable;

  constructor(options: FastHistogramOptions) {
    super(options);
    const buckets = options.buckets ?? LATENCY_BUCKETS;
    const ascending = buckets.every((bound, i) => bound > (buckets[i - 1] ?? 0));
    if (buckets.length === 0 || buckets.length > 64 || !ascending) {
      throw new MotifError('InvalidBuckets', `${options.name}: buckets are 1 to 64 numbers above 0, ascending`);
    }
    this.#table = new BucketTable(buckets, options.scale ?? 1e6);
  }

  protected create(): HistogramSeries {
    return new HistogramSeries(this.#table);
  }

  protected samples(labels: Labels, series: HistogramSeries): Sample[] {
    const { cumulative, sum } = series.read();
    const bounds: (number | string)[] = [...this.#table.bounds, '+Inf'];
    return [
      ...cumulative.map((value, i) => ({
        metricName: `${this.name}_bucket`,
        labels: { ...labels, le: bounds[i] as number | string },
        value,
      })),
      { metricName: `${this.name}_sum`, labels: { ...labels }, value: sum },
      { metricName: `${this.name}_count`, labels: { ...labels }, value: cumulative.at(-1) ?? 0 },
    ];
  }
}
