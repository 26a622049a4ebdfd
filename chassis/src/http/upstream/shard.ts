import { Circuit, type CircuitOptions } from '../../resilience/circuit.ts';
import { Admission } from '../admission/admission.ts';
import { GradientLimit } from '../admission/gradient-limit.ts';
import { Balancer } from '../balance/balancer.ts';
import { Hedge, type HedgeOptions } from '../balance/hedge.ts';
import type { ShardStats } from '../observe/observed.ts';
import type { Endpoint } from './endpoint.ts';
import type { UpstreamRuntime } from './runtime.ts';

export interface ShardOptions {
  /** Of one request: until the head of its answer. */
  readonly timeoutMs: number;
  /** When the whole shard counts as dead. */
  readonly circuit: CircuitOptions;
  /** When one of several endpoints does. */
  readonly outlier: CircuitOptions;
  readonly hedge: HedgeOptions | undefined;
}

/** Between two dials to an endpoint that was never reached. */
const KNOCK_MS = 1000;

/** One shard: its endpoints, whether it counts as dead, and how much it is asked at once. */
export class Shard {
  readonly name: string;
  readonly runtime: UpstreamRuntime;
  readonly stats: ShardStats;
  options: ShardOptions;
  circuit: Circuit;
  hedge: Hedge | undefined;
  readonly admission: Admission;
  readonly balancer: Balancer<Endpoint>;
  endpoints: readonly Endpoint[] = [];
  /** The topology has no endpoints for it: these are the last ones. */
  stale = false;
  lastError = '';
  #knockAt = 0;

  constructor(name: string, options: ShardOptions, runtime: UpstreamRuntime, stats: ShardStats) {
    this.name = name;
    this.options = options;
    this.runtime = runtime;
    this.stats = stats;
    this.circuit = new Circuit(options.circuit, runtime.random);
    this.hedge = options.hedge && new Hedge(options.hedge);
    this.balancer = new Balancer(runtime.random);
    const { queueLength, queueAgeMs } = runtime.limits;
    this.admission = new Admission({ limit: new GradientLimit(), queueLength, queueAgeMs });
  }

  /** Whether it takes traffic. */
  get serving(): boolean {
    return !this.circuit.open && this.endpoints.some(({ reached }) => reached);
  }

  get connections(): number {
    let count = 0;
    for (const endpoint of this.endpoints) count += endpoint.connections;
    return count;
  }

  /** Other settings, from the next request on. What is known about its health stays where that can be. */
  reconfigure(options: ShardOptions): void {
    const before = this.options;
    this.options = options;
    if (JSON.stringify(before.circuit) !== JSON.stringify(options.circuit)) this.circuit = this.#newCircuit();
    if (JSON.stringify(before.hedge) !== JSON.stringify(options.hedge))
      this.hedge = options.hedge && new Hedge(options.hedge);
  }

  /** These are its endpoints from now on; those that are not among them take no further request. */
  set(endpoints: readonly Endpoint[]): void {
    const moved = endpoints.some((endpoint) => !this.endpoints.includes(endpoint));
    for (const endpoint of this.endpoints) if (!endpoints.includes(endpoint)) endpoint.retire();
    this.endpoints = endpoints;
    this.#knockAt = 0;
    this.balancer.set(endpoints);
    // It may live where it is now.
    if (moved && this.circuit.open) this.circuit = this.#newCircuit();
  }

  /** An endpoint answered with this status. */
  answered(endpoint: Endpoint, status: number): void {
    const { now } = this.runtime;
    if (this.circuit.success()) this.#back();
    const before = this.balancer.ejected;
    this.balancer.answered(endpoint, status, now);
    this.#compare(before);
  }

  /** An endpoint refused, did not answer in time, or answered what is no answer. */
  failed(endpoint: Endpoint, reason: string): void {
    const { now } = this.runtime;
    this.lastError = reason;
    const before = this.balancer.ejected;
    this.balancer.failed(endpoint, now);
    this.#compare(before);
    // While one of its replicas answers, it is that replica that is in question.
    if (!this.balancer.allFailing || !this.circuit.failure(now)) return;
    this.stats.ejected();
    const { failures } = this.circuit;
    this.runtime.logger.warn('shard ejected', { shard: this.name, failures, reason });
  }

  /** An endpoint was asked and nothing can be said: the client left. */
  abandoned(endpoint: Endpoint): void {
    this.circuit.abandon();
    this.balancer.abandoned(endpoint);
  }

  /** Called every few milliseconds. */
  sweep(now: number): void {
    this.admission.expire(now);
    for (const endpoint of this.endpoints) endpoint.sweep(now);
  }

  /** Dials what was never reached, once in a while: without requests nothing else would. */
  knock(now: number): void {
    if (now < this.#knockAt) return;
    this.#knockAt = now + KNOCK_MS;
    for (const endpoint of this.endpoints) if (!endpoint.reached) endpoint.open();
  }

  /** It was reached by a dial of our own while it was ejected. */
  returned(): void {
    if (this.circuit.success()) this.#back();
  }

  #back(): void {
    this.stats.recovered();
    this.runtime.logger.info('shard is back', { shard: this.name });
  }

  #compare(before: number): void {
    const after = this.balancer.ejected;
    if (after > before) this.stats.ejected();
    else if (after < before) this.stats.recovered();
  }

  #newCircuit(): Circuit {
    return new Circuit(this.options.circuit, this.runtime.random);
  }
}
