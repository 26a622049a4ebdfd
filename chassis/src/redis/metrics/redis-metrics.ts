import { type CounterSeries, FastCounter, FastHistogram, Gauge, type HistogramSeries, type Registry } from '@motif/kit';
import type { LoadSource } from '../../load/shard-loads.ts';
import type { RedisProxy } from '../proxy.ts';
import type { Shard } from '../upstream/shard.ts';
import type { ShardStats } from '../upstream/stats.ts';
import { GROUPS } from './groups.ts';

/** The counters of one shard, looked up once: on the hot path only typed arrays are touched. */
class CountedShard implements ShardStats {
  /** Replies, ever. */
  ended = 0;
  readonly #latency: HistogramSeries[];
  readonly #errors: CounterSeries[];
  readonly #timeouts: CounterSeries[];
  readonly #connections: CounterSeries;
  readonly #ejections: CounterSeries;

  constructor(metrics: RedisMetrics, shard: string) {
    this.#latency = GROUPS.map((group) => metrics.latency.series({ shard, group }));
    this.#errors = GROUPS.map((group) => metrics.errors.series({ shard, group }));
    this.#timeouts = GROUPS.map((group) => metrics.timeouts.series({ shard, group }));
    this.#connections = metrics.connects.series({ shard });
    this.#ejections = metrics.ejections.series({ shard });
  }

  answered(group: number, ms: number, error: boolean): void {
    this.ended++;
    (this.#latency[group] as HistogramSeries).observe(ms / 1000);
    if (error) (this.#errors[group] as CounterSeries).add(1);
  }

  timedOut(group: number): void {
    (this.#timeouts[group] as CounterSeries).add(1);
  }

  connected(): void {
    this.#connections.add(1);
  }

  ejected(): void {
    this.#ejections.add(1);
  }
}

/** What `/metrics` tells about the traffic; the loop's delay and the epoch come from the kit's registry and the topology's loader. */
export class RedisMetrics {
  readonly latency: FastHistogram;
  readonly errors: FastCounter;
  readonly timeouts: FastCounter;
  readonly connects: FastCounter;
  readonly ejections: FastCounter;
  readonly #registry: Registry;
  readonly #shards = new Map<string, CountedShard>();

  constructor(registry: Registry) {
    this.#registry = registry;
    const byGroup = { labelNames: ['shard', 'group'], registry };
    const byShard = { labelNames: ['shard'], registry };
    this.latency = new FastHistogram({
      name: 'motif_redis_request_duration_seconds',
      help: "Time from a command's hand-over to the connection of its shard to the shard's reply; the count is that of replies.",
      ...byGroup,
    });
    this.errors = new FastCounter({
      name: 'motif_redis_request_errors_total',
      help: 'Error replies of shards.',
      ...byGroup,
    });
    this.timeouts = new FastCounter({
      name: 'motif_redis_request_timeouts_total',
      help: 'Commands without a reply in time.',
      ...byGroup,
    });
    this.connects = new FastCounter({
      name: 'motif_redis_upstream_connects_total',
      help: 'Connections to shards that came up.',
      ...byShard,
    });
    this.ejections = new FastCounter({
      name: 'motif_redis_shard_ejections_total',
      help: 'How often a shard was taken out for not answering.',
      ...byShard,
    });
  }

  /** The counters of a shard, all at zero from the first call on. */
  shard(name: string): ShardStats {
    let stats = this.#shards.get(name);
    if (stats === undefined) {
      stats = new CountedShard(this, name);
      this.#shards.set(name, stats);
    }
    return stats;
  }

  /** What a shard has to do, for its rate. */
  load({ name, connections }: Shard): LoadSource {
    let inFlight = 0;
    for (const { ring } of connections) inFlight += ring.length;
    return { shard: name, ended: this.#shards.get(name)?.ended ?? 0, inFlight };
  }

  /** Gauges, read at each scrape. */
  watch(proxy: () => RedisProxy | undefined): void {
    const registers = [this.#registry];
    const shards = (): readonly Shard[] => proxy()?.routing.shards ?? [];
    new Gauge({
      name: 'motif_redis_client_connections',
      help: 'Connections of clients now.',
      registers,
      collect() {
        this.set(proxy()?.clients.size ?? 0);
      },
    });
    new Gauge({
      name: 'motif_redis_upstream_connections',
      help: 'Connections to shards now.',
      labelNames: ['shard'],
      registers,
      collect() {
        this.reset();
        for (const shard of shards()) this.set({ shard: shard.name }, shard.connections.size);
      },
    });
    new Gauge({
      name: 'motif_redis_shard_up',
      help: '1 while a shard takes traffic: reachable, not ejected, done loading.',
      labelNames: ['shard'],
      registers,
      collect() {
        this.reset();
        for (const shard of shards()) this.set({ shard: shard.name }, shard.serving ? 1 : 0);
      },
    });
  }
}
