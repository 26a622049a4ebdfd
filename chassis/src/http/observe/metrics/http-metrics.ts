import { type CounterSeries, Gauge, type Registry } from '@motif/kit';
import { OTHER_CODE, OWN_CODES } from '../codes.ts';
import { HttpFamilies } from './families.ts';
import { RequestStats } from './request-stats.ts';

/** What gauges are read from at each scrape. */
export interface GaugeSource {
  /** Connections of clients. */
  clients(): number;
  shards(): Iterable<GaugedShard>;
}

export interface GaugedShard {
  readonly name: string;
  /** It takes traffic. */
  readonly up: boolean;
  /** Connections to its endpoints. */
  readonly connections: number;
  /** Requests that wait for a connection or a place. */
  readonly waiting: number;
  /** How many requests may be under way there. */
  readonly limit: number;
  /** Endpoints that are left out. */
  readonly ejected: number;
  /** Endpoints get traffic only because half of them are left out already. */
  readonly panic: boolean;
  /** The topology names no endpoint: the last ones are used. */
  readonly stale: boolean;
}

/** The metrics of the HTTP proxy. */
export class HttpMetrics {
  readonly #families: HttpFamilies;
  readonly #registry: Registry;
  readonly #shards = new Map<string, RequestStats>();
  readonly #own = new Map<string, CounterSeries>();
  readonly #other: CounterSeries;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#families = new HttpFamilies(registry);
    for (const code of OWN_CODES) this.#own.set(code, this.#families.ownAnswers.series({ code }));
    this.#other = this.#families.ownAnswers.series({ code: OTHER_CODE });
    new Gauge({
      name: 'motif_http_requests_in_flight',
      help: 'Requests that a shard works on now.',
      labelNames: ['shard'],
      registers: [registry],
      collect: gauged(
        () => this.shards,
        ({ shard }) => shard,
        ({ inFlight }) => inFlight,
      ),
    });
  }

  get shards(): Iterable<RequestStats> {
    return this.#shards.values();
  }

  /** The series of a shard, all at zero from the first call on. */
  shard(name: string): RequestStats {
    let stats = this.#shards.get(name);
    if (stats === undefined) {
      stats = new RequestStats(this.#families, name);
      this.#shards.set(name, stats);
    }
    return stats;
  }

  /** Only these shards are left: the series of others go. */
  retain(names: readonly string[]): void {
    for (const [name, stats] of this.#shards) {
      if (names.includes(name)) continue;
      stats.remove();
      this.#shards.delete(name);
    }
  }

  /** The proxy answered by itself. */
  ownAnswer(code: string): void {
    (this.#own.get(code) ?? this.#other).add(1);
  }

  /** Gauges that others know the values of. Called once. */
  watch(source: GaugeSource): void {
    const registers = [this.#registry];
    const shards = () => source.shards();
    const byShard = (name: string, help: string, value: (shard: GaugedShard) => number): void => {
      const collect = gauged(shards, (shard) => shard.name, value);
      new Gauge({ name: `motif_http_${name}`, help, labelNames: ['shard'], registers, collect });
    };
    new Gauge({
      name: 'motif_http_client_connections',
      help: 'Connections of clients now.',
      registers,
      collect() {
        this.set(source.clients());
      },
    });
    byShard('upstream_connections', 'Connections to endpoints now.', ({ connections }) => connections);
    byShard('requests_waiting', 'Requests that wait for a connection or a place.', ({ waiting }) => waiting);
    byShard('concurrency_limit', 'Requests that may be under way at a shard, by its latency.', ({ limit }) => limit);
    byShard('endpoints_ejected', 'Endpoints that are left out for failing.', ({ ejected }) => ejected);
    byShard('endpoints_panic', '1 while failing endpoints are used, since half are left out already.', ({ panic }) =>
      panic ? 1 : 0,
    );
    byShard('endpoints_stale', '1 while the topology names no endpoint and the last ones are used.', ({ stale }) =>
      stale ? 1 : 0,
    );
    byShard('shard_up', '1 while a shard takes traffic.', ({ up }) => (up ? 1 : 0));
  }
}

/** What sets a gauge by shard at each scrape, to the shards there are now. */
function gauged<S>(shards: () => Iterable<S>, name: (shard: S) => string, value: (shard: S) => number) {
  return function collect(this: Gauge<'shard'>): void {
    this.reset();
    for (const shard of shards()) this.set({ shard: name(shard) }, value(shard));
  };
}
