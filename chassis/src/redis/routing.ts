import { hashTagEnd, hashTagStart } from '@motif/api/hashing/hash-tag';
import type { Locator } from '@motif/api/hashing/locator';
import type { HotKeys } from '../load/hot-keys.ts';
import type { HashTagBytes } from './commands/index.ts';
import type { Shard } from './upstream/shard.ts';

/** A client that may connect: the file holds its password. */
export interface ClientAccount {
  readonly username: string;
  readonly password: () => string | undefined;
}

/** Where keys are looked at for those asked for most, and what it calls each shard. */
export interface HotKeyWatch {
  readonly keys: HotKeys;
  /** By shard. */
  readonly tags: readonly number[];
}

/** What a topology means for clients. Immutable but for `excluded`; a new epoch is a new object, to which clients move one by one. */
export interface Routing {
  readonly service: string;
  readonly epoch: number;
  readonly shards: readonly Shard[];
  /** From a whole key to its shard, hash tags aside. */
  readonly locator: Locator;
  readonly hashTag: HashTagBytes | undefined;
  /** Keys of ejected shards go to the next owner. */
  readonly rehash: boolean;
  /** By shard: not 0 while it is ejected. */
  readonly excluded: Uint8Array;
  readonly splitMultiKey: boolean;
  /** MGET with a dead shard fails as a whole instead of by element. */
  readonly wholeFails: boolean;
  readonly adminAllowed: boolean;
  readonly accounts: readonly ClientAccount[];
  /** Undefined: nobody looks. */
  readonly hotKeys: HotKeyWatch | undefined;
}

/** The index of the shard that a key belongs to now; -1 when all are ejected. */
export function shardOf(routing: Routing, buffer: Buffer, start: number, end: number): number {
  const tag = routing.hashTag;
  let from = start;
  let to = end;
  if (tag !== undefined) {
    from = hashTagStart(buffer, start, end, tag.open, tag.close);
    to = hashTagEnd(buffer, start, end, from, tag.close);
  }
  const shard = routing.rehash
    ? routing.locator.pickExcept(buffer, from, to, routing.excluded)
    : routing.locator.pick(buffer, from, to);
  const { hotKeys } = routing;
  if (hotKeys !== undefined && shard !== -1) hotKeys.keys.offer(buffer, start, end, hotKeys.tags[shard] as number);
  return shard;
}
