import { script } from '../script.ts';

export const collections = [
  script(
    'hashes',
    `HSET h a 1 b 2
HSET h a 3
HSET h a
HSETNX h a 4
HSETNX h c 4
HGET h a
HGET h nothing
HGET nothing a
HMGET h a nothing b
HMSET h d 5 e 6
HGETALL h
HGETALL nothing
HKEYS h
HVALS h
HLEN h
HSTRLEN h a
HEXISTS h a
HEXISTS h z
HINCRBY h a 10
HINCRBY h a x
HINCRBYFLOAT h a 0.5
HINCRBYFLOAT h new 1e2
HDEL h a b nothing
HDEL h a
? HRANDFIELD h
? HRANDFIELD h 2 WITHVALUES
HRANDFIELD nothing
HRANDFIELD nothing 2
HSCAN h 0
HSCAN h 0 MATCH c* COUNT 100
HSCAN nothing 0
HSCAN h notacursor
HSET h "" empty "\\x00" zero
HGET h ""
HGET h "\\x00"
SET s x
HGET s a
HSET s a 1
HLEN s
OBJECT ENCODING h`,
  ),
  script(
    'lists',
    `RPUSH l a b c
LPUSH l z
LPUSHX nothing a
RPUSHX l d
LRANGE l 0 -1
LRANGE l 1 2
LRANGE nothing 0 -1
LLEN l
LINDEX l 0
LINDEX l 99
LSET l 0 y
LSET l 99 y
LSET nothing 0 y
LINSERT l BEFORE a x
LINSERT l AFTER nothing x
LINSERT l WRONG a x
LPOS l a
LPOS l nothing
LPOS l a COUNT 0
LREM l 0 a
LTRIM l 0 2
LRANGE l 0 -1
LPOP l
RPOP l
LPOP l 0
LPOP l 10
LPOP l
LPOP l 2
LPOP l -1
RPUSH {q}a 1 2 3
RPOPLPUSH {q}a {q}b
LMOVE {q}a {q}b LEFT RIGHT
LMOVE {q}a {q}b UP RIGHT
LRANGE {q}b 0 -1
LMPOP 2 {q}nothing {q}b LEFT COUNT 5
LMPOP 1 {q}nothing LEFT
LMPOP 0 {q}a LEFT
LMPOP 5 {q}a LEFT
LMPOP x {q}a LEFT
SET s x
LPUSH s a
LRANGE s 0 -1
LPOP s`,
  ),
  script(
    'sets',
    `SADD s a b c
SADD s a
SADD ints 3 1 2
SMEMBERS ints
~ SMEMBERS s
SMEMBERS nothing
SCARD s
SISMEMBER s a
SISMEMBER s z
SMISMEMBER s a z b
SREM s a z
? SRANDMEMBER s
SRANDMEMBER nothing
SRANDMEMBER nothing 3
~ SRANDMEMBER s 10
? SPOP s
SPOP nothing
SPOP nothing 2
SADD {t}a 1 2 3
SADD {t}b 2 3 4
~ SUNION {t}a {t}b
~ SINTER {t}a {t}b
~ SDIFF {t}a {t}b
SINTERCARD 2 {t}a {t}b
SINTERCARD 2 {t}a {t}b LIMIT 1
SINTERCARD 0 {t}a
SINTERCARD 3 {t}a {t}b
SUNIONSTORE {t}d {t}a {t}b
SINTERSTORE {t}d {t}a {t}b
SDIFFSTORE {t}d {t}a {t}b
SMEMBERS {t}d
SMOVE {t}a {t}b 1
SMOVE {t}a {t}b 99
~ SSCAN ints 0
SSCAN nothing 0
SET str x
SADD str a
SINTER {t}a {t}nothing
OBJECT ENCODING ints`,
  ),
  script(
    'sorted sets',
    `ZADD z 1 a 2 b 3 c
ZADD z NX 9 a
ZADD z XX CH 5 a
ZADD z GT 1 a
ZADD z INCR 2 a
ZADD z NX INCR 2 a
ZADD z NX XX 1 a
ZADD z x a
ZADD z inf top -inf low 1.5 half
ZSCORE z a
ZSCORE z half
ZSCORE z top
ZSCORE z nothing
ZMSCORE z a nothing b
ZRANGE z 0 -1
ZRANGE z 0 -1 WITHSCORES
ZRANGE z 1 3 BYSCORE LIMIT 0 2 WITHSCORES
ZRANGE z (1 +inf BYSCORE
ZRANGE z 0 -1 REV
ZREVRANGE z 0 1 WITHSCORES
ZRANGEBYSCORE z -inf +inf WITHSCORES LIMIT 1 2
ZREVRANGEBYSCORE z +inf -inf
ZRANGEBYSCORE z x y
ZRANK z b
ZRANK z nothing
ZREVRANK z b
ZCARD z
ZCOUNT z 1 3
ZINCRBY z 1.25 b
ZREM z half nothing
ZPOPMIN z
ZPOPMAX z 2
ZPOPMIN nothing
ZREMRANGEBYRANK z 0 0
ZREMRANGEBYSCORE z 100 200
ZADD lex 0 a 0 b 0 c 0 d
ZRANGEBYLEX lex [b (d
ZREVRANGEBYLEX lex + -
ZLEXCOUNT lex - +
ZREMRANGEBYLEX lex [a [b
ZRANGEBYLEX lex a b
? ZRANDMEMBER lex
ZRANDMEMBER nothing
ZRANDMEMBER nothing 2 WITHSCORES
ZSCAN lex 0
ZSCAN lex 0 MATCH c
SET str x
ZADD str 1 a
ZSCORE str a`,
  ),
  script(
    'sorted sets together',
    `ZADD {z}a 1 x 2 y
ZADD {z}b 10 y 20 w
ZUNION 2 {z}a {z}b WITHSCORES
ZUNION 2 {z}a {z}b WEIGHTS 2 1 AGGREGATE MAX WITHSCORES
ZINTER 2 {z}a {z}b WITHSCORES
ZDIFF 2 {z}a {z}b
ZINTERCARD 2 {z}a {z}b
ZUNIONSTORE {z}d 2 {z}a {z}b
ZINTERSTORE {z}d 2 {z}a {z}b WEIGHTS 1 1
ZDIFFSTORE {z}d 2 {z}a {z}b
ZRANGE {z}d 0 -1 WITHSCORES
ZUNIONSTORE {z}d 0 {z}a
ZUNIONSTORE {z}d 3 {z}a {z}b
ZUNIONSTORE {z}d x {z}a
ZUNIONSTORE {z}d -1 {z}a
ZRANGESTORE {z}r {z}a 0 0
ZMPOP 2 {z}nothing {z}a MIN
ZMPOP 1 {z}nothing MAX
ZMPOP 1 {z}a WRONG`,
  ),
  script(
    'geo',
    `GEOADD {g}p 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
GEOADD {g}p 200 100 nowhere
GEODIST {g}p Palermo Catania
GEODIST {g}p Palermo Catania km
GEODIST {g}p Palermo nobody
GEOHASH {g}p Palermo nobody
GEOPOS {g}p Palermo nobody
GEORADIUS {g}p 15 37 200 km WITHDIST WITHCOORD ASC
GEORADIUS {g}p 15 37 200 km STORE {g}s
GEORADIUS {g}p 15 37 200 km STORE {g}s1 STOREDIST {g}s2
GEORADIUS_RO {g}p 15 37 100 km
GEORADIUSBYMEMBER {g}p Palermo 200 km ASC
GEORADIUSBYMEMBER {g}p Palermo 200 km STOREDIST {g}s3
GEORADIUSBYMEMBER_RO {g}p Palermo 200 km ASC COUNT 1
GEOSEARCH {g}p FROMLONLAT 15 37 BYBOX 400 400 km ASC
GEOSEARCH {g}p FROMMEMBER nobody BYRADIUS 1 km
GEOSEARCHSTORE {g}s4 {g}p FROMMEMBER Palermo BYRADIUS 200 km
ZRANGE {g}s 0 -1
EXISTS {g}s1 {g}s2 {g}s3 {g}s4
ZRANGE {g}s2 0 -1`,
  ),
];
