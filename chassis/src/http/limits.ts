/** Bounds of the HTTP proxy: what a connection may cost, and how long anything may take. Times are milliseconds. */
export interface HttpLimits {
  /** From the first byte of a request's head to its last. */
  readonly slowHeadMs: number;
  /** A body without a byte of progress, in either direction. */
  readonly slowBodyMs: number;
  /** A client's connection between two requests. */
  readonly clientIdleMs: number;
  /** A connection to an endpoint between two requests, unless `Keep-Alive: timeout` says more. */
  readonly upstreamIdleMs: number;
  /** A connection to an endpoint that does not come up; never more than the time-out of a request. */
  readonly connectMs: number;
  /** How long a connection that ends after its last answer waits for the client to end it as well. */
  readonly lingerMs: number;
  /** Bytes that are dropped meanwhile. */
  readonly lingerBytes: number;
  /** How long a client that has said it sends no more is worked for before any of the answer is there: it may have gone. */
  readonly halfClosedMs: number;
  /** Connections of clients. */
  readonly clients: number;
  /** Requests in flight and waiting, over all shards. */
  readonly inFlight: number;
  /** Connections to one endpoint. */
  readonly connectionsPerEndpoint: number;
  /** Requests that wait for a place at one shard, and for how long. */
  readonly queueLength: number;
  readonly queueAgeMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  slowHeadMs: 10_000,
  slowBodyMs: 30_000,
  clientIdleMs: 75_000,
  upstreamIdleMs: 4_000,
  connectMs: 1_000,
  lingerMs: 2_000,
  lingerBytes: 1024 * 1024,
  halfClosedMs: 1_000,
  clients: 16_384,
  inFlight: 8_192,
  connectionsPerEndpoint: 1_024,
  queueLength: 64,
  queueAgeMs: 100,
};

/** Head and body of a request are kept up to this size, so that it can be sent again. */
export const REPLAY_BYTES = 64 * 1024;
/** Bytes of further requests that are read while one is answered. */
export const PIPELINED_BYTES = 64 * 1024;
/** So much is written at once, not at the end of the turn: it costs no write more, and is still in the processor's cache. */
export const EAGER_BYTES = 48 * 1024;
/** Bytes on the way from one side to the other: above this the sending side is not read. */
export const WINDOW_BYTES = 256 * 1024;
