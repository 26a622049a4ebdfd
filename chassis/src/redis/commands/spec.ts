/**
 * What the sharding proxy does with a command. Upstream connections are shared by all clients, so commands reach them by
 * allow-list: whatever would change a connection's state, or needs one of its own, is answered here.
 */
export type Treatment =
  /** Goes to the one shard that owns its keys (`CROSSSLOT` when they have several owners). */
  | 'forward'
  /** Its keys may have several owners: each shard gets its part, the answers are put together (`merge`). */
  | 'split'
  /** Goes to every shard; the answers are put together (`merge`). */
  | 'all'
  /** Has neither keys nor state: any shard can answer. */
  | 'one'
  /** The proxy itself answers. */
  | 'local'
  /** Cannot work over shared connections, for now or ever; `error` says so. */
  | 'refuse'
  /** Administration of the server: `error`, unless `redis.admin` is `Allow`; then as `scope` says. */
  | 'admin'
  /** Redis has it switched off too; `error` is Redis's own text. */
  | 'disabled';

/** How the answers of several shards become one. */
export type Merge =
  | 'none'
  /** One array in the order of the client's keys (MGET). */
  | 'values'
  /** The sum of integers. */
  | 'sum'
  /** The first error, else the first answer. */
  | 'succeeded'
  /** All arrays one after the other (KEYS). */
  | 'concat'
  /** One answer of a shard that has keys (RANDOMKEY). */
  | 'random'
  /** One shard after the other, the cursor says which (SCAN). */
  | 'scan';

/** Where an administration command goes once it is allowed: by its keys, to all shards (`merge`), or to any one. */
export type AdminScope = 'keys' | 'all' | 'one';

/** How keys are found: by the compiled `keys`, or by a walk over options that no rule can express. */
export type KeyWalk = 'rules' | 'sort' | 'georadius' | 'migrate' | 'xread';

/** One of Redis's key specifications, compiled. */
export interface KeyRule {
  /** Index of the first key or of the count, counting the command's name as 0; 0: `keyword` says. */
  readonly at: number;
  /** Lower-case bytes of the word before the first key; empty when `at` says. */
  readonly keyword: Uint8Array;
  /** Where the search for the word begins; negative from the end, towards the front. */
  readonly from: number;
  /** True: the number of keys is an argument. */
  readonly counted: boolean;
  /** Not counted: the last key relative to the first, or from the end when negative. Counted: index of the count from `at`. */
  readonly last: number;
  /** Counted: the first key from `at`. */
  readonly first: number;
  readonly step: number;
  /** With `last` -1: only one part in `limit` of what follows are keys (2: the other half are stream ids). */
  readonly limit: number;
}

/** Everything the proxy knows about one command or subcommand. Immutable; one object a command, so that it can be compared by identity. */
export interface CommandSpec {
  /** Lower case; a subcommand as `object|encoding`. */
  readonly name: string;
  /** As in Redis: the name counts; negative means at least. */
  readonly arity: number;
  /** Redis's own group (`string`, `hash`, …) or `module`: a bounded label for metrics. */
  readonly group: string;
  /** Redis's flags in lower case (`write`, `readonly`, `fast`, …). */
  readonly flags: readonly string[];
  readonly write: boolean;
  readonly treatment: Treatment;
  readonly merge: Merge;
  readonly scope: AdminScope;
  /** The index of its only key, for commands that always have exactly one at a fixed place; else 0. */
  readonly onlyKey: number;
  readonly keys: readonly KeyRule[];
  readonly walk: KeyWalk;
  /** True: arguments decide whether it may be forwarded, `refusalOf` must be asked. */
  readonly conditional: boolean;
  /** True: what counts is the subcommand, the next argument. */
  readonly container: boolean;
  /** The error's text without `-` and line end; empty unless refused, admin or disabled. */
  readonly error: string;
}

/**
 * A request's arguments as ranges of bytes, the command's name first. All ranges lie in one buffer; a parser may reuse the
 * arrays, nothing here keeps them.
 */
export interface Arguments {
  readonly buffer: Uint8Array;
  readonly count: number;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/** What `keyIndexes` returns when the arguments do not fit the command: whichever shard is asked answers the same error. */
export const KEYS_INVALID = -1;
