import type { Clock, TimerHandle } from '@motif/kit';
import { Rate } from './rate.ts';

/** What one shard has to do, as `/topology` shows it. */
export interface ShardLoad {
  readonly shard: string;
  /** Over the last ten seconds. */
  readonly requestsPerSecond: number;
  readonly inFlight: number;
  /** Its part of the requests of all shards, 0 to 1; 0 while there are none. */
  readonly share: number;
}

/** Where a shard's numbers are read. */
export interface LoadSource {
  readonly shard: string;
  /** Requests that ended, ever. */
  readonly ended: number;
  readonly inFlight: number;
}

const EVERY_MS = 1000;

/** The loads of the shards in force, looked at once a second: the hot path only counts. */
export class ShardLoads {
  readonly #clock: Clock;
  readonly #sources: () => Iterable<LoadSource>;
  readonly #rates = new Map<string, Rate>();
  #timer: TimerHandle;

  constructor(clock: Clock, sources: () => Iterable<LoadSource>) {
    this.#clock = clock;
    this.#sources = sources;
    this.#timer = clock.setTimeout(() => this.#look(), EVERY_MS);
  }

  read(): ShardLoad[] {
    const loads = Array.from(this.#sources(), ({ shard, inFlight }) => {
      return { shard, inFlight, requestsPerSecond: this.#rates.get(shard)?.perSecond ?? 0 };
    });
    const total = loads.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
    return loads.map(({ shard, inFlight, requestsPerSecond }) => ({
      shard,
      requestsPerSecond: rounded(requestsPerSecond),
      inFlight,
      share: total === 0 ? 0 : rounded(requestsPerSecond / total),
    }));
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #look(): void {
    this.#timer = this.#clock.setTimeout(() => this.#look(), EVERY_MS);
    const now = this.#clock.monotonic();
    const gone = new Set(this.#rates.keys());
    for (const { shard, ended } of this.#sources()) {
      gone.delete(shard);
      const rate = this.#rates.get(shard) ?? new Rate();
      this.#rates.set(shard, rate);
      rate.sample(now, ended);
    }
    for (const shard of gone) this.#rates.delete(shard);
  }
}

/** To three places: more would be noise. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
