import { script } from '../script.ts';

export const strings = [
  script(
    'strings',
    `SET a 1
GET a
get a
GeT a
GET nothing
SET a 2 XX GET
SET new 1 XX
SET a 3 NX
SET a 3 NX GET
SET a b EX 100
? TTL a
SET a b KEEPTTL
SET a b PX 100000 GET
SETNX a 9
SETNX fresh 9
SETEX e 100 v
PSETEX e 100000 v
SETEX e 0 v
SETEX e x v
GETSET a new
GETDEL a
GETDEL a
GETEX e PERSIST
TTL e
GETEX e EX 100
APPEND app x
APPEND app yz
STRLEN app
STRLEN nothing
GETRANGE app 0 1
GETRANGE app -2 -1
GETRANGE app 5 1
SUBSTR app 0 0
SETRANGE app 5 end
GET app
SETRANGE app -1 x
INCR n
INCRBY n 41
DECR n
DECRBY n 10
INCRBYFLOAT n 0.5
INCR n
GET n
SET word hello
INCR word
INCRBYFLOAT word 1
INCRBY n notanumber
SET big 9223372036854775807
INCR big
SET empty ""
GET empty
STRLEN empty
LCS {l}a {l}b
SET {l}a ohmytext
SET {l}b mynewtext
LCS {l}a {l}b
LCS {l}a {l}b LEN
LCS {l}a {l}b IDX MINMATCHLEN 2 WITHMATCHLEN`,
  ),
  script(
    'many keys over shards',
    `MSET k1 1 k2 2 k3 3 k4 4 k5 5 k6 6 k7 7 k8 8
MGET k1 k2 k3 k4 k5 k6 k7 k8
MGET k1 nothing k3 k1
MGET one
EXISTS k1 k2 k3 nothing k1
TOUCH k1 k2 nothing
UNLINK k1 k2 nothing
DEL k3 k4 k3
DEL nothing
EXISTS k1 k2 k3 k4
DBSIZE
LPUSH list a
MGET k5 list k6
MSET k5 "" k6 "\\r\\n"
MGET k5 k6
MSET k1
MSET k1 1 k2
MGET
DEL
EXISTS
MSETNX {t}a 1 {t}b 2
MSETNX {t}b 3 {t}c 4
MGET {t}a {t}b {t}c
MSET same 1 same 2
GET same
~ KEYS k*
~ KEYS *
KEYS nothing*
FLUSHDB
DBSIZE
MGET k1 k2 k3
RANDOMKEY
SET only 1
RANDOMKEY
FLUSHALL ASYNC
FLUSHALL SYNC
FLUSHALL WRONG
DBSIZE`,
  ),
  script(
    'bits',
    `SETBIT b 7 1
GETBIT b 7
GETBIT b 100
SETBIT b -1 1
SETBIT b 1 2
SET b foobar
BITCOUNT b
BITCOUNT b 0 0
BITCOUNT b 5 30 BIT
BITPOS b 1
BITPOS b 0 2
BITPOS nothing 1
BITFIELD b INCRBY u2 100 1 OVERFLOW SAT GET u4 0
BITFIELD b SET i8 0 127 OVERFLOW FAIL INCRBY i8 0 10
BITFIELD_RO b GET u8 0
BITFIELD_RO b SET u8 0 1
SET {x}a abc
SET {x}b abd
BITOP AND {x}d {x}a {x}b
GET {x}d
BITOP NOT {x}d {x}a
GET {x}d
BITOP NOT {x}d {x}a {x}b
BITOP WHAT {x}d {x}a`,
  ),
  script(
    'hyperloglog',
    `PFADD {h}a x y z
PFADD {h}a x
PFCOUNT {h}a
PFADD {h}b z w
PFCOUNT {h}a {h}b
PFMERGE {h}c {h}a {h}b
PFCOUNT {h}c
PFMERGE alone
EXISTS alone
SET str x
PFADD str a
PFCOUNT nothing`,
  ),
  script(
    'any bytes',
    `SET "k\\x00\\xff\\r\\n" "\\x00\\x01\\xfe\\r\\n$5\\r\\n"
GET "k\\x00\\xff\\r\\n"
GET "k\\x00\\xff"
SET "" emptykey
GET ""
DEL ""
SET "*3" x
SET "{" x
SET "}{" x
SET "{}{a}" x
MGET "{" "}{" "{}{a}" "*3"
SET long @70000
STRLEN long
GET long
APPEND long @70000
STRLEN long
SET @5000 deep
GET @5000
GETRANGE long 69990 70010
ECHO "\\r\\n"
ECHO @66000
PING "a b"`,
  ),
];
