import type { AdminScope, Merge, Treatment } from './spec.ts';

/** What was decided about a command; `error` only where clients are told no. */
export interface Decision {
  readonly treatment: Treatment;
  readonly merge?: Merge;
  readonly scope?: AdminScope;
  readonly error?: string;
}

/**
 * Commands that may travel on a shared connection: each works on the keys it names and leaves nothing behind on the
 * connection. An allow-list: a command of a newer server that is not here is refused until somebody looked at it, or the
 * shard's own COMMAND shows that it is safe (`learn`).
 */
const FORWARD = `
  append decr decrby delifeq get getdel getex getrange getset incr incrby incrbyfloat lcs msetex msetnx psetex set setex setnx
  setrange strlen substr
  bitcount bitfield bitfield_ro bitop bitpos getbit setbit
  lindex linsert llen lmove lmpop lpop lpos lpush lpushx lrange lrem lset ltrim rpop rpoplpush rpush rpushx
  zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore zpopmax zpopmin zrandmember zrange
  zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange zrevrangebylex
  zrevrangebyscore zrevrank zscan zscore zunion zunionstore
  copy dump expire expireat expiretime move object|encoding object|freq object|idletime object|refcount persist pexpire pexpireat
  pexpiretime pttl rename renamenx restore sort sort_ro ttl type memory|usage
  geoadd geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch geosearchstore
  hdel hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys hlen hmget hmset hpersist hpexpire
  hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals
  pfadd pfcount pfmerge
  sadd scard sdiff sdiffstore sinter sintercard sinterstore sismember smembers smismember smove spop srandmember srem sscan sunion
  sunionstore
  xack xadd xautoclaim xclaim xdel xgroup|create xgroup|createconsumer xgroup|delconsumer xgroup|destroy xgroup|setid xinfo|consumers
  xinfo|groups xinfo|stream xlen xpending xrange xread xreadgroup xrevrange xsetid xtrim`;

const LOCAL = `
  ping echo hello auth select reset quit info unwatch acl|whoami
  client client|id client|info client|getname client|setname client|setinfo client|no-evict client|no-touch client|reply client|help
  client|getredir client|trackinginfo client|capa client|import-source`;

const ONE = `
  command command|count command|docs command|getkeys command|getkeysandflags command|help command|info command|list
  object object|help xgroup xgroup|help xinfo xinfo|help memory memory|help config config|help time lolwut role`;

const SPLIT: Readonly<Record<string, Merge>> = {
  mget: 'values',
  mset: 'succeeded',
  del: 'sum',
  exists: 'sum',
  unlink: 'sum',
  touch: 'sum',
};

const ALL: Readonly<Record<string, Merge>> = {
  dbsize: 'sum',
  flushall: 'succeeded',
  flushdb: 'succeeded',
  keys: 'concat',
  scan: 'scan',
  randomkey: 'random',
};

/** Reads of a server's state: with `redis.admin: Allow` one shard answers for itself. */
const ADMIN_ONE = `
  acl acl|cat acl|dryrun acl|genpass acl|getuser acl|help acl|list acl|log acl|users   commandlog commandlog|get commandlog|help latency latency|doctor latency|graph latency|help latency|histogram latency|history
  latency|latest lastsave memory|doctor memory|malloc-stats memory|stats module module|help module|list slowlog slowlog|get slowlog|help
  pfselftest`;

/** Changes to a server: with `redis.admin: Allow` each shard gets them. */
const ADMIN_ALL = `
  acl|deluser acl|load acl|save acl|setuser bgrewriteaof bgsave commandlog|reset config|resetstat config|rewrite config|set debug
  memory|purge module|load module|loadex module|unload save shutdown slowlog|reset swapdb`;

const ADMIN_SUM = 'commandlog|len latency|reset slowlog|len';

const ADMIN_KEYS = 'migrate pfdebug restore-asking';

const NO_CLUSTER = 'ERR This instance has cluster support disabled';

/** What Redis itself says no to in the state that a client of ours is always in. */
const DISABLED: Readonly<Record<string, string>> = {
  asking: NO_CLUSTER,
  readonly: NO_CLUSTER,
  readwrite: NO_CLUSTER,
  clusterscan: NO_CLUSTER,
  exec: 'ERR EXEC without MULTI',
  discard: 'ERR DISCARD without MULTI',
};

/** Why a command cannot be had through a proxy that shares its connections to the shards. */
const REFUSE: readonly (readonly [why: string, names: string])[] = [
  ['transactions need a connection of their own', 'multi watch'],
  [
    'commands that wait need a connection of their own',
    'blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin',
  ],
  [
    'publish and subscribe need a connection of their own',
    `subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe publish spublish pubsub pubsub|channels pubsub|help pubsub|numpat
     pubsub|numsub pubsub|shardchannels pubsub|shardnumsub`,
  ],
  [
    'a script may read and write keys of any shard',
    `eval eval_ro evalsha evalsha_ro fcall fcall_ro function function|delete function|dump function|flush function|help function|kill
     function|list function|load function|restore function|stats script script|debug script|exists script|flush script|help
     script|kill script|load script|show`,
  ],
  [
    'what is seen and counted is one connection, and shards share theirs',
    'wait waitaof monitor client|caching client|tracking',
  ],
  [
    'it would concern the connections of other clients',
    'client|kill client|list client|pause client|unpause client|unblock',
  ],
  ['replication of the shards is not for clients to arrange', 'psync replconf replicaof slaveof sync failover'],
];

const names = (text: string): string[] => text.trim().split(/\s+/);

function decisions(): Map<string, Decision> {
  const all = new Map<string, Decision>();
  const add = (name: string, decision: Decision): void => {
    if (all.has(name)) throw new Error(`classification.ts: ${name} is classified twice`);
    all.set(name, decision);
  };
  const admin = (text: string, scope: AdminScope, merge: Merge): void => {
    for (const name of names(text)) add(name, { treatment: 'admin', scope, merge, error: adminError(name) });
  };
  for (const name of names(FORWARD)) add(name, { treatment: 'forward' });
  for (const name of names(LOCAL)) add(name, { treatment: 'local' });
  for (const name of names(ONE)) add(name, { treatment: 'one' });
  for (const [name, merge] of Object.entries(SPLIT)) add(name, { treatment: 'split', merge });
  for (const [name, merge] of Object.entries(ALL)) add(name, { treatment: 'all', merge });
  add('config|get', { treatment: 'one', error: adminError('config|get') });
  admin(ADMIN_ONE, 'one', 'none');
  admin(ADMIN_ALL, 'all', 'succeeded');
  admin(ADMIN_SUM, 'all', 'sum');
  admin(ADMIN_KEYS, 'keys', 'none');
  for (const [name, error] of Object.entries(DISABLED)) add(name, { treatment: 'disabled', error });
  for (const [why, text] of REFUSE)
    for (const name of names(text)) add(name, { treatment: 'refuse', error: refuseError(name, why) });
  return all;
}

/** A command's name as users write it: `CLIENT KILL`. */
export function spokenName(name: string): string {
  return name.toUpperCase().replace('|', ' ');
}

/** The text for a command that shared connections cannot carry. */
export function refuseError(name: string, why: string): string {
  return `ERR ${spokenName(name)} is not supported through this sharding proxy: ${why}`;
}

function adminError(name: string): string {
  return `ERR ${spokenName(name)} is administration and refused through this sharding proxy; redis.admin: Allow would forward it`;
}

const DECISIONS = decisions();

/** Every name that a decision exists for (a test compares them with the data file). */
export function classifiedNames(): string[] {
  return [...DECISIONS.keys()];
}

/** The decision for a command of the data file, or undefined when nobody has decided yet. CLUSTER is off with all it contains. */
export function classify(name: string): Decision | undefined {
  if (name === 'cluster' || name.startsWith('cluster|')) return { treatment: 'disabled', error: NO_CLUSTER };
  return DECISIONS.get(name);
}
