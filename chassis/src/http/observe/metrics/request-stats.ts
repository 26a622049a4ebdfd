import { type CounterSeries, type HistogramSeries, labelSets } from '@motif/kit';
import type { Observed, ShardStats } from '../observed.ts';

import type { HttpFamilies } from './families.ts';
import { METHODS, methodIndex, STATUS_CLASSES, statusIndex } from './labels.ts';

const RESULTS = ['ok', 'failed'] as const;

/** The series of one shard, all at zero from the first on: on the hot path only typed arrays are touched. */
export class RequestStats implements ShardStats {
  readonly shard: string;
  /** Requests whose last attempt is under way. */
  inFlight = 0;
  /** Requests that ended. */
  ended = 0;
  readonly #families: HttpFamilies;
  /** By method, then by class of status. */
  readonly #requests: CounterSeries[];
  readonly #queue: HistogramSeries;
  readonly #duration: HistogramSeries;
  readonly #requestBytes: HistogramSeries;
  readonly #responseBytes: HistogramSeries;
  readonly #connects: CounterSeries[];
  readonly #plain: Record<'retries' | 'ejections' | 'recoveries' | 'hedges' | 'hedgesWon' | 'spilled', CounterSeries>;

  constructor(families: HttpFamilies, shard: string) {
    this.#families = families;
    this.shard = shard;
    const labels = { shard };
    this.#requests = METHODS.flatMap((method) =>
      STATUS_CLASSES.map((status) => families.requests.series({ shard, method, status })),
    );
    this.#queue = families.queue.series(labels);
    this.#duration = families.duration.series(labels);
    this.#requestBytes = families.requestBytes.series(labels);
    this.#responseBytes = families.responseBytes.series(labels);
    this.#connects = RESULTS.map((result) => families.connects.series({ shard, result }));
    const { retries, ejections, recoveries, hedges, hedgesWon, spilled } = families;
    this.#plain = {
      retries: retries.series(labels),
      ejections: ejections.series(labels),
      recoveries: recoveries.series(labels),
      hedges: hedges.series(labels),
      hedgesWon: hedgesWon.series(labels),
      spilled: spilled.series(labels),
    };
  }

  /** A request ended that was last routed here. */
  end(x: Observed, now: number): void {
    this.ended++;
    const series = methodIndex(x.method) * STATUS_CLASSES.length + statusIndex(x.status);
    (this.#requests[series] as CounterSeries).add(1);
    this.#requestBytes.observe(x.requestBytes);
    this.#responseBytes.observe(x.responseBytes);
    // Never handed over: all its time was waiting, and no shard worked on it.
    const sent = x.sentAt > 0;
    this.#queue.observe(((sent ? x.sentAt : now) - x.receivedAt) / 1000);
    if (sent) this.#duration.observe((now - x.sentAt) / 1000);
  }

  retried(): void {
    this.#plain.retries.add(1);
  }

  ejected(): void {
    this.#plain.ejections.add(1);
  }

  recovered(): void {
    this.#plain.recoveries.add(1);
  }

  hedged(): void {
    this.#plain.hedges.add(1);
  }

  hedgeWon(): void {
    this.#plain.hedgesWon.add(1);
  }

  spilled(): void {
    this.#plain.spilled.add(1);
  }

  connected(): void {
    (this.#connects[0] as CounterSeries).add(1);
  }

  connectFailed(): void {
    (this.#connects[1] as CounterSeries).add(1);
  }

  /** Takes all series out of the scrapes: the shard is gone. What still counts into them harms nothing. */
  remove(): void {
    const { shard } = this;
    const families = this.#families;
    for (const labels of labelSets({ shard: [shard], method: METHODS, status: STATUS_CLASSES })) {
      families.requests.remove(labels);
    }
    for (const result of RESULTS) families.connects.remove({ shard, result });
    const { queue, duration, requestBytes, responseBytes } = families;
    const { retries, ejections, recoveries, hedges, hedgesWon, spilled } = families;
    for (const family of [queue, duration, requestBytes, responseBytes]) family.remove({ shard });
    for (const family of [retries, ejections, recoveries, hedges, hedgesWon, spilled]) family.remove({ shard });
  }
}
