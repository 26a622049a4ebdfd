import { hashTagEnd, hashTagStart } from '@motif/api/hashing/hash-tag';
import { textAt } from './bytes.ts';
import type { Arguments, CommandSpec } from './spec.ts';
import { sortPatterns, starAt, xreadBlocks } from './walks.ts';

/** The two characters of the hash tag in use (`{` and `}`) as bytes. */
export interface HashTagBytes {
  readonly open: number;
  readonly close: number;
}

/** What a refusal depends on beside the arguments. */
export interface RefusalOptions {
  /** Absent when whole keys are hashed. */
  readonly hashTag?: HashTagBytes;
  /** `redis.admin: Allow`. */
  readonly adminAllowed?: boolean;
}

/** Parameters that clients and tools ask for on their own and that tell no secret. */
const HARMLESS_CONFIG = new Set(
  'save appendonly appendfsync databases maxmemory maxmemory-policy maxclients timeout tcp-keepalive proto-max-bulk-len notify-keyspace-events hz io-threads'.split(
    ' ',
  ),
);

/**
 * For commands marked `conditional`: the error's text when these arguments keep it from being forwarded, else undefined.
 * (XREAD with BLOCK, SORT with patterns over other shards' keys, CONFIG GET of what may be a secret.)
 */
export function refusalOf(spec: CommandSpec, args: Arguments, options: RefusalOptions = {}): string | undefined {
  if (spec.walk === 'xread') return xreadBlocks(args) ? blocks(spec) : undefined;
  if (spec.walk === 'sort') return sortLeavesShard(args, options.hashTag) ? leavesShard(spec) : undefined;
  if (spec.name === 'config|get') return options.adminAllowed !== true && asksSecret(args) ? spec.error : undefined;
  return undefined;
}

function blocks(spec: CommandSpec): string {
  return `ERR ${spec.name.toUpperCase()} with BLOCK is not supported through this sharding proxy yet: it needs a connection of its own`;
}

function leavesShard(spec: CommandSpec): string {
  return `ERR BY and GET patterns of ${spec.name.toUpperCase()} would read keys of other shards: allowed only with the key's own hash tag before the *`;
}

/** Keys made from a pattern are on the sorted key's shard only if its hash tag comes before the `*` and is the same. */
function sortLeavesShard(args: Arguments, tag: HashTagBytes | undefined): boolean {
  const patterns: number[] = [];
  const count = sortPatterns(args, patterns);
  for (let i = 0; i < count; i++) {
    const index = patterns[i] as number;
    if (tag === undefined || !sameTag(args, index, starAt(args, index), tag)) return true;
  }
  return false;
}

function sameTag(args: Arguments, pattern: number, star: number, tag: HashTagBytes): boolean {
  const { buffer, starts, ends } = args;
  const start = starts[pattern] as number;
  const tagStart = hashTagStart(buffer, start, star, tag.open, tag.close);
  if (tagStart === start) return false;
  const tagEnd = hashTagEnd(buffer, start, star, tagStart, tag.close);
  const keyStart = hashTagStart(buffer, starts[1] as number, ends[1] as number, tag.open, tag.close);
  const keyEnd = hashTagEnd(buffer, starts[1] as number, ends[1] as number, keyStart, tag.close);
  return Buffer.compare(buffer.subarray(tagStart, tagEnd), buffer.subarray(keyStart, keyEnd)) === 0;
}

function asksSecret(args: Arguments): boolean {
  for (let i = 2; i < args.count; i++) if (!HARMLESS_CONFIG.has(textAt(args, i).toLowerCase())) return true;
  return false;
}
