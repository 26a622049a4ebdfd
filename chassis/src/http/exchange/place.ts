import type { Routing } from '../routing.ts';
import type { Shard } from '../upstream/shard.ts';
import type { Exchange } from './exchange.ts';

/** What one request takes up at its shard: a place among those under way, and a part of its bounded load. Given back exactly once. */
export class Place {
  readonly #x: Exchange;
  #shard: Shard | undefined;
  /** Counted by the shard's admission. */
  #admitted = false;
  #routing: Routing | undefined;
  /** Index of the shard whose load counts it; −1: none. */
  #bounded = -1;

  constructor(x: Exchange) {
    this.#x = x;
  }

  /** The request goes to this shard of this topology. */
  bind(routing: Routing, index: number): void {
    this.#shard = routing.shards[index];
    if (routing.bounded === undefined) return;
    this.#routing = routing;
    this.#bounded = index;
    routing.bounded.enter(index);
  }

  /** The shard's admission has let it in. */
  admitted(): void {
    this.#admitted = true;
  }

  /**
   * It is not under way there any more.
   * @param latencyMs from its sending to its answer's head; −1 where that says nothing about load
   * @param ok false: it timed out
   */
  leave(latencyMs: number, ok: boolean): void {
    if (this.#bounded !== -1) {
      this.#routing?.bounded?.leave(this.#bounded);
      this.#bounded = -1;
      this.#routing = undefined;
    }
    if (!this.#admitted) return;
    this.#admitted = false;
    this.#shard?.admission.leave(this.#x.proxy.runtime.now, latencyMs, ok);
  }
}
