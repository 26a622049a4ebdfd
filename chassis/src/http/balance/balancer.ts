import type { Random } from '@motif/kit';
import type { EndpointHealth } from './endpoint-health.ts';

/** What a balancer has to know of an endpoint. */
export interface Balanced {
  /** Requests under way there; who sends them counts them. */
  inFlight: number;
  readonly health: EndpointHealth;
}

/** An endpoint that fails so often is an outlier, if the others of its set fail less than half as often. */
const FAILING = 0.5;

/**
 * Chooses among the equal endpoints of one shard: of two at random the less loaded (M. Mitzenmacher, "The Power of Two Choices in Randomized
 * Load Balancing", 2001), so that a slow endpoint gets less without anyone measuring it. Endpoints that fail are left out, at most half
 * of the set: when most fail, leaving them out would only bring down the rest. One endpoint alone is never left out.
 */
export class Balancer<E extends Balanced> {
  readonly #random: Random;
  #all: readonly E[] = [];
  #usable: E[] = [];
  #left: E[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Another set. An endpoint that stays should be the same object, so that what is known of it stays. */
  set(endpoints: readonly E[]): void {
    this.#all = endpoints;
    this.#sort();
  }

  /** How many are left out now. */
  get ejected(): number {
    return this.#left.length;
  }

  /** Whether an endpoint gets traffic only because half of the set is left out already. */
  get panic(): boolean {
    return this.#all.length > 1 && this.#usable.some(({ health }) => health.spared || health.circuit.open);
  }

  /** Whether the last that was heard of each endpoint is a failure: only then is the shard as a whole in question. */
  get allFailing(): boolean {
    return this.#all.every(({ health }) => health.failing);
  }

  /** Who takes the next request; undefined only for an empty set. Whoever gets it must report `answered`, `failed` or `abandoned`. */
  pick(now: number): E | undefined {
    if (this.#left.length > 0) {
      const probe = this.#probe(now);
      if (probe !== undefined) return probe;
    }
    const usable = this.#usable;
    const n = usable.length;
    if (n < 2) return usable[0];
    const i = Math.floor(this.#random() * n);
    const skip = Math.floor(this.#random() * (n - 1));
    const first = usable[i] as E;
    const second = usable[skip < i ? skip : skip + 1] as E;
    const less = first.inFlight <= second.inFlight ? first : second;
    // One that has just come back takes its growing share only.
    return less.health.circuit.open || less.health.circuit.admit(now) ? less : less === first ? second : first;
  }

  /** The least loaded that was not tried and is not left out, for a retry or a hedge; undefined when there is none. Never a probe. */
  pickOther(tried: readonly E[]): E | undefined {
    let best: E | undefined;
    for (const endpoint of this.#usable) {
      if (tried.includes(endpoint)) continue;
      if (best === undefined || endpoint.inFlight < best.inFlight) best = endpoint;
    }
    return best;
  }

  /** It answered. 502, 503 and 504 say that it does not work, as a failure does; other errors are the application's business. */
  answered(endpoint: E, status: number, now: number): void {
    if (status >= 502 && status <= 504) {
      this.failed(endpoint, now);
      return;
    }
    const { health } = endpoint;
    health.count(false, now);
    health.spared = false;
    health.failing = false;
    const { circuit } = health;
    // An answer to what was sent before it was ejected says nothing new.
    if ((circuit.open && now < circuit.probeAt) || !circuit.success()) return;
    health.forget();
    this.#sort();
  }

  /** It was refused, reset, timed out, or what came was no answer. */
  failed(endpoint: E, now: number): void {
    const { health } = endpoint;
    health.count(true, now);
    health.failing = true;
    if (health.circuit.open) {
      health.circuit.failure(now);
      return;
    }
    const outlier = this.#outlier(endpoint, now);
    if (outlier || health.onTheBrink) {
      health.spared = this.#left.length >= this.#most();
      if (health.spared) return;
    }
    if (health.circuit.failure(now)) this.#sort();
    else if (outlier) {
      health.circuit.trip(now);
      this.#sort();
    }
  }

  /** The request ended without a verdict: its client left, or another answer was first. */
  abandoned(endpoint: E): void {
    endpoint.health.circuit.abandon();
  }

  /** How many may be left out. */
  #most(): number {
    return Math.floor(this.#all.length / 2);
  }

  #outlier(endpoint: E, now: number): boolean {
    const own = endpoint.health.failureShare(now);
    if (own < FAILING || !endpoint.health.telling) return false;
    let others = 0;
    for (const other of this.#usable) if (other !== endpoint) others += other.health.failureShare(now);
    return others < (own / 2) * (this.#usable.length - 1);
  }

  #probe(now: number): E | undefined {
    for (const endpoint of this.#left) if (endpoint.health.circuit.admit(now)) return endpoint;
    return undefined;
  }

  #sort(): void {
    this.#usable = [];
    this.#left = [];
    const most = this.#most();
    for (const endpoint of this.#all) {
      const out = endpoint.health.circuit.open && this.#left.length < most;
      (out ? this.#left : this.#usable).push(endpoint);
    }
  }
}
