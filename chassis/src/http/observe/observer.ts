import type { Clock, Registry } from '@motif/kit';
import { type ShardLoad, ShardLoads } from '../../load/shard-loads.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { AccessLog } from './log/access-log.ts';
import { type GaugeSource, HttpMetrics } from './metrics/http-metrics.ts';
import type { Observed, ShardStats } from './observed.ts';
import { parseTraceparent } from './trace/context.ts';
import type { Tracer } from './trace/tracer.ts';
import { Trail } from './trail.ts';

export interface HttpObserverOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  /** None: no request is logged. */
  readonly accessLog?: AccessLog;
  /** None: headers of traces pass through untouched, and nothing is recorded. */
  readonly tracer?: Tracer;
}

/**
 * Sees every request of the HTTP proxy: counts it, and where that is asked for logs and traces it. Called from the hot path: without log and
 * traces it touches typed arrays only.
 */
export class HttpObserver {
  readonly #metrics: HttpMetrics;
  readonly #loads: ShardLoads;
  readonly #log: AccessLog | undefined;
  readonly #tracer: Tracer | undefined;
  /** Whether anything but counting is to be done. */
  readonly #telling: boolean;

  constructor({ registry, clock, accessLog, tracer }: HttpObserverOptions) {
    this.#metrics = new HttpMetrics(registry);
    this.#loads = new ShardLoads(clock, () => this.#metrics.shards);
    this.#log = accessLog;
    this.#tracer = tracer;
    this.#telling = accessLog !== undefined || tracer !== undefined;
  }

  /** The observer's part of an exchange object, made with it. */
  newTrail(): Trail {
    return new Trail();
  }

  /** What counts for a shard; kept with it, so that nothing is looked up for a request. */
  shard(name: string): ShardStats {
    return this.#metrics.shard(name);
  }

  /** Only these shards are in force: the series of others go. */
  retain(names: readonly string[]): void {
    this.#metrics.retain(names);
  }

  /** Gauges, read at each scrape. Called once. */
  watch(source: GaugeSource): void {
    this.#metrics.watch(source);
  }

  /** Per shard over the last ten seconds. */
  loads(): ShardLoad[] {
    return this.#loads.read();
  }

  /** A request's head was parsed into `head`; it has not been routed. */
  onRequest(x: Observed, head: RequestHead): void {
    if (this.#telling) this.#begin(x, head);
  }

  /** The request is about to be written to an endpoint. */
  onAttempt(x: Observed): void {
    const { trail, stats } = x;
    if (trail.counted !== stats) {
      if (trail.counted !== undefined) trail.counted.inFlight--;
      if (stats !== undefined) stats.inFlight++;
      trail.counted = stats;
    }
    if (trail.server !== undefined) this.#tracer?.attempt(x);
  }

  /** The request is over, whatever became of it. */
  onEnd(x: Observed, now: number): void {
    const { trail, stats } = x;
    if (trail.counted !== undefined) {
      trail.counted.inFlight--;
      trail.counted = undefined;
    }
    if (stats !== undefined) stats.end(x, now);
    if (x.code !== '') this.#metrics.ownAnswer(x.code);
    if (trail.used) this.#tell(x, now);
  }

  /** The proxy answered by itself where there was no request to speak of: what came could not be read, or was too much. */
  refused(code: string): void {
    this.#metrics.ownAnswer(code);
  }

  close(): void {
    this.#loads.close();
  }

  #begin(x: Observed, head: RequestHead): void {
    const { trail } = x;
    trail.used = true;
    trail.logged = this.#log?.wants() === true;
    if (this.#tracer !== undefined) this.#tracer.begin(x, head);
    else if (trail.logged) trail.traceId = parseTraceparent(head.header('traceparent') ?? '')?.traceId ?? '';
    if (trail.logged || trail.server !== undefined) trail.target = head.path();
  }

  #tell(x: Observed, now: number): void {
    if (x.trail.server !== undefined) this.#tracer?.end(x, now);
    if (x.trail.logged) this.#log?.write(x, now);
    x.trail.clear();
  }
}
