import { script } from '../script.ts';

export const streams = [
  script(
    'streams',
    `XADD {s}a 1-1 f v
XADD {s}a 1-1 f v
XADD {s}a 1-2 f v g w
? XADD {s}auto * f v
XADD {s}a NOMKSTREAM MAXLEN = 10 99999999999999-1 f v
XADD nothing NOMKSTREAM * f v
XADD {s}a 1
XLEN {s}a
XLEN nothing
XRANGE {s}a 1-1 1-2
XRANGE {s}a - + COUNT 1
XREVRANGE {s}a 1-2 1-1
XRANGE nothing - +
XREAD COUNT 1 STREAMS {s}a 0
XREAD STREAMS {s}a {s}b 0 0
XREAD STREAMS {s}nothing 0
XREAD STREAMS {s}a
XREAD STREAMS {s}a {s}b 0
XREAD COUNT x STREAMS {s}a 0
XDEL {s}a 1-2 9-9
XTRIM {s}a MAXLEN 2
XSETID {s}a 99999999999999-5
XGROUP CREATE {s}a g 0
XGROUP CREATE {s}a g 0
XGROUP CREATE {s}new g $ MKSTREAM
XGROUP CREATE {s}nothing g $
XGROUP CREATECONSUMER {s}a g c
XGROUP CREATECONSUMER {s}a g c
XREADGROUP GROUP g c COUNT 1 STREAMS {s}a >
? XPENDING {s}a g
? XPENDING {s}a g - + 10
XREADGROUP GROUP g c NOACK STREAMS {s}a {s}new > >
XREADGROUP GROUP none c STREAMS {s}a >
XREADGROUP GROUP g c STREAMS {s}a 0
XACK {s}a g 1-1 9-9
? XAUTOCLAIM {s}a g other 0 0
? XCLAIM {s}a g other 0 1-1
XGROUP DELCONSUMER {s}a g c
XGROUP SETID {s}a g 0
XINFO GROUPS {s}new
? XINFO STREAM {s}a
XINFO STREAM nothing
XINFO CONSUMERS {s}new g
XGROUP DESTROY {s}a g
XGROUP DESTROY {s}a g
XGROUP HELP
XINFO HELP
XGROUP WRONG {s}a
XINFO WRONG {s}a`,
  ),
];
