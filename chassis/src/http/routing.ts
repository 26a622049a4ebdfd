import type { Locator } from '@motif/api/hashing/locator';
import type { RequestHead } from './message/index.ts';
import type { Shard } from './upstream/shard.ts';

/** Why a request has no shard, and what its client is told. */
export interface Refusal {
  readonly status: number;
  /** `x-motif-error`. */
  readonly code: string;
  readonly message: string;
}

/** Finds the shard of a request. */
export interface RequestRouter {
  /** From a key to its shard, where the algorithm does not say otherwise. */
  readonly locator: Locator;
  /** Whose `X-Forwarded-*` are believed. */
  readonly proxies: { trusts(address: string): boolean };
  /** Why `route` or `bodyBytes` said −1; valid until the next call. */
  readonly refusal: Refusal;
  /** The key of the last request routed: `keyBuffer[keyStart, keyEnd)`, valid until the next call. */
  readonly keyBuffer: Buffer;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** How many bytes of content `route` has to see (fewer if the body ends before); 0: none; −1: refused. */
  bodyBytes(head: RequestHead, peer: string): number;
  /**
   * The owner of a request as an index into the topology's shards; −1: refused.
   * @param peer the client's address
   * @param body what `bodyBytes` asked for: its first `bodyEnd` bytes, without chunks
   */
  route(head: RequestHead, peer: string, body?: Buffer, bodyEnd?: number): number;
}

/** Keeps shards from getting much more than their share: consistent hashing with bounded loads. */
export interface LoadBound {
  /** The shard for a key: its owner, or the next one that has room; −1: all are excluded. Whoever sends there calls `enter`. */
  choose(owner: number, bytes: Uint8Array, start: number, end: number, excluded: Uint8Array): number;
  /** A request goes to this shard. */
  enter(shard: number): void;
  /** It is over; once for each `enter`. */
  leave(shard: number): void;
}

/** What a topology means for requests. Immutable: a new epoch is a new object, by which each attempt after it goes. */
export interface Routing {
  readonly service: string;
  readonly epoch: number;
  readonly router: RequestRouter;
  readonly shards: readonly Shard[];
  /** Requests of dead shards go to the next owner. */
  readonly rehash: boolean;
  readonly bounded: LoadBound | undefined;
}
