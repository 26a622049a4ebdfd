import { script } from '../script.ts';

export const keyspace = [
  script(
    'expiry and kinds',
    `SET k v
TTL k
PTTL k
TTL nothing
EXPIRE k 100
? TTL k
? PTTL k
EXPIRE k 200 NX
EXPIRE k 200 XX
EXPIRE k 10 GT
EXPIRE k 10 NX GT
EXPIRE k x
PERSIST k
PERSIST k
EXPIREAT k 33177117420
EXPIRETIME k
PEXPIREAT k 33177117420000
PEXPIRETIME k
PEXPIRE k 100000
EXPIRE nothing 10
EXPIRE k -1
EXISTS k
TYPE nothing
SET t:string v
LPUSH t:list v
SADD t:set v
ZADD t:zset 1 v
HSET t:hash f v
XADD t:stream 1-1 f v
TYPE t:string
TYPE t:list
TYPE t:set
TYPE t:zset
TYPE t:hash
TYPE t:stream
OBJECT ENCODING t:string
OBJECT ENCODING t:list
OBJECT ENCODING nothing
OBJECT REFCOUNT t:list
? OBJECT IDLETIME t:list
OBJECT FREQ t:list
OBJECT HELP
? MEMORY USAGE t:list
MEMORY USAGE nothing
DBSIZE`,
  ),
  script(
    'moving keys',
    `SET {m}a v
RENAME {m}a {m}b
RENAME {m}a {m}b
SET {m}c w
RENAMENX {m}b {m}c
RENAMENX {m}b {m}d
COPY {m}c {m}e
COPY {m}c {m}e
COPY {m}c {m}e REPLACE
MGET {m}a {m}b {m}c {m}d {m}e
SET num 12
DUMP nothing
? DUMP num
RESTORE num 0 wrong
RESTORE num -1 wrong
RESTORE new 0 "\\x00\\xc0\\x0c\\x0a\\x00\\x5a\\x14\\x6e\\x5f\\x20\\x5c\\x6a\\x4e"
MOVE num 1
EXISTS num
SELECT 1
GET num
DBSIZE
SET other x
SELECT 0
GET num
SELECT 16
SELECT -1
SELECT x
SELECT
SELECT 1
FLUSHDB
DBSIZE
SELECT 0
DBSIZE`,
  ),
  script(
    'sort',
    `RPUSH {s}l 3 1 2
SORT {s}l
SORT {s}l DESC
SORT {s}l LIMIT 0 2
SORT {s}l ALPHA STORE {s}d
LRANGE {s}d 0 -1
MSET {s}w1 30 {s}w2 20 {s}w3 10
SORT {s}l BY {s}w*
SORT {s}l BY {s}w* GET # GET {s}w*
SORT {s}l BY nosort
SORT_RO {s}l DESC
SORT_RO {s}l BY {s}w*
SORT nothing
SORT {s}l WRONG
RPUSH {s}words b a
SORT {s}words
SET {s}str x
SORT {s}str`,
  ),
  script(
    'scanning one key',
    `RPUSH l a
SCAN 0 MATCH none* COUNT 0
SCAN x
SCAN
HSET h a 1 b 2 c 3
HSCAN h 0 COUNT 2
ZADD z 1 a 2 b
ZSCAN z 0
SADD i 1 2 3
SSCAN i 0`,
  ),
];
