import { type AttemptFailure, mayRetry, retryDelayMs } from '../../resilience/retry-policy.ts';
import type { Routing } from '../routing.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import type { Shard } from '../upstream/shard.ts';
import type { Exchange } from './exchange.ts';

/** What was tried for a request, and what may be tried next. */
export class RetryPlan {
  /** Endpoints of the shard at hand that failed. */
  readonly tried: Endpoint[] = [];
  /** Shards of which all endpoints failed. */
  readonly shards: Shard[] = [];
  /** A connection that rests is not to be used: others have probably been closed as well. */
  fresh = false;

  /** Whether the request may be tried again after this; takes it out of the budget. */
  allows(x: Exchange, shard: Shard, failure: AttemptFailure, written: boolean): boolean {
    // What broke once breaks again: only another endpoint may do better.
    if (failure === 'broken' && shard.balancer.pickOther(this.tried) === undefined) return false;
    const allowed = mayRetry({
      failure,
      idempotent: x.repeatable,
      replayable: x.kept.complete,
      answered: false,
      callerRetries: x.retriedByCaller,
      attempts: x.attempts,
      leftMs: leftMs(x, shard),
    });
    // What no endpoint has seen costs none of them anything.
    return allowed && ((failure === 'refused' && written) || failure !== 'refused' ? x.proxy.retries.tryRetry() : true);
  }

  /** Who is next? @returns after how many milliseconds; 0: at once */
  next(x: Exchange, shard: Shard, { rehash, shards }: Routing, failure: AttemptFailure): number {
    const { random } = x.proxy.runtime;
    const left = leftMs(x, shard);
    const delay = retryDelayMs(x.attempts, left, random);
    this.fresh = failure === 'stale';
    if (failure === 'stale' || shard.balancer.pickOther(this.tried) !== undefined) return delay;
    this.tried.length = 0;
    this.shards.push(shard);
    if (rehash && this.shards.length < shards.length) return delay;
    // Nobody else can take it: once more to the same ones, a little later.
    this.shards.length = 0;
    return Math.max(delay, retryDelayMs(2, left, random));
  }

  clear(): void {
    this.fresh = false;
    if (this.tried.length > 0) this.tried.length = 0;
    if (this.shards.length > 0) this.shards.length = 0;
  }
}

/** Milliseconds until nobody waits for an answer any more. */
function leftMs(x: Exchange, { options }: Shard): number {
  return Math.min(x.deadline, x.receivedAt + options.timeoutMs) - x.proxy.runtime.now;
}

/** How an attempt failed whose connection ended before any of its answer was passed on. @param refused it never came up */
export function failureOf(connection: Connection, refused: boolean): AttemptFailure {
  // What was not even written has reached nobody.
  if (refused || !connection.wrote) return 'refused';
  return connection.carried > 0 && !connection.answering ? 'stale' : 'broken';
}
