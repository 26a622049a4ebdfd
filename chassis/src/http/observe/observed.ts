import type { Trail } from './trail.ts';

/**
 * One request and its answer, as an observer sees it: fields of the pooled exchange, so that observing makes no object a request.
 * Times are milliseconds of the monotonic clock; they may be the time at which the turn began.
 */
export interface Observed {
  /** As sent: `GET`. */
  readonly method: string;
  /** When the head was complete. */
  readonly receivedAt: number;
  /** When the last attempt was handed to its connection; 0: never. */
  readonly sentAt: number;
  /** When the head of the final answer was there; 0: never. */
  readonly answeredAt: number;
  /** What the client was sent; 0: nothing, it had gone. */
  readonly status: number;
  /** The `x-motif-error` of an answer of our own; empty: a shard answered. */
  readonly code: string;
  /** How often the request was handed to an endpoint. */
  readonly attempts: number;
  /** Bytes of the request's body. */
  readonly requestBytes: number;
  /** Bytes of the answer's body. */
  readonly responseBytes: number;
  /** Of the shard that the request was last routed to; undefined before routing and for refused requests. */
  readonly stats: ShardStats | undefined;
  /** The name of the endpoint of the last attempt; empty before the first. */
  readonly endpoint: string;
  /** The observer's own memory: `newTrail()`, once for each exchange object. */
  readonly trail: Trail;
}

/** What is counted for one shard, looked up once when a topology comes into force. */
export interface ShardStats {
  readonly shard: string;
  /** Requests whose last attempt is under way; the observer counts them. */
  inFlight: number;
  /** A request ended that was last routed here; only the observer calls this. */
  end(x: Observed, now: number): void;
  /** An attempt after the first. */
  retried(): void;
  /** An endpoint was taken out for failing. */
  ejected(): void;
  /** An ejected endpoint is back. */
  recovered(): void;
  /** A second endpoint was asked while the first had not answered. */
  hedged(): void;
  /** The second endpoint answered first. */
  hedgeWon(): void;
  /** A request whose key is of this shard went to another because of bounded load. */
  spilled(): void;
  /** A connection to an endpoint came up. */
  connected(): void;
  /** A connection to an endpoint could not be made. */
  connectFailed(): void;
}
