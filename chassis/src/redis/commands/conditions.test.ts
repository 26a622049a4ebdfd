import { expect, test } from 'vitest';
import { CommandTable, refusalOf } from './index.ts';
import { argsOf } from './testing/args.ts';

const table = new CommandTable();
const braces = { hashTag: { open: 123, close: 125 } };

function refusal(line: string, options = {}): string | undefined {
  const args = argsOf(...line.split(' '));
  const spec = table.resolve(args);
  if (spec?.conditional !== true) throw new Error(`${line} is not conditional`);
  return refusalOf(spec, args, options);
}

test('reading streams is refused only when it would wait', () => {
  expect(refusal('XREAD COUNT 2 STREAMS a 0')).toBeUndefined();
  expect(refusal('XREAD STREAMS block 0')).toBeUndefined();
  expect(refusal('XREADGROUP GROUP block c STREAMS a >')).toBeUndefined();
  expect(refusal('XREAD COUNT 2 Block 0 STREAMS a 0')).toMatch(/^ERR XREAD with BLOCK is not supported/);
  expect(refusal('XREADGROUP GROUP g c NOACK BLOCK 0 STREAMS a >')).toMatch(/^ERR XREADGROUP with BLOCK/);
});

test('sorting is refused when its patterns would read keys of other shards', () => {
  expect(refusal('SORT k LIMIT 0 1 STORE d', braces)).toBeUndefined();
  expect(refusal('SORT k BY nosort GET #', braces)).toBeUndefined();
  expect(refusal('SORT k BY w_*', braces)).toMatch(/^ERR BY and GET patterns of SORT/);
  expect(refusal('SORT_RO k GET o_*->name', braces)).toMatch(/of SORT_RO/);
});

test('a pattern with the key\u2019s own hash tag before its star stays on the shard', () => {
  expect(refusal('SORT list:{u1} BY w:{u1}:* GET o:{u1}:*->f', braces)).toBeUndefined();
  expect(refusal('SORT u1 BY w:{u1}:*', braces)).toBeUndefined();
  expect(refusal('SORT list:{u1} BY w:{u2}:*', braces)).toBeDefined();
  expect(refusal('SORT list:{u1} BY w:*:{u1}', braces)).toBeDefined();
  expect(refusal('SORT list:{u1} BY w:{u1*}', braces)).toBeDefined();
  expect(refusal('SORT list:{u1} BY w:{u1}:*')).toBeDefined();
});

test('parameters that tell no secret are shown, others are administration', () => {
  expect(refusal('CONFIG GET save')).toBeUndefined();
  expect(refusal('config get MAXMEMORY databases')).toBeUndefined();
  expect(refusal('CONFIG GET requirepass')).toMatch(/^ERR CONFIG GET is administration/);
  expect(refusal('CONFIG GET save *')).toMatch(/^ERR CONFIG GET is administration/);
  expect(refusal('CONFIG GET *', { adminAllowed: true })).toBeUndefined();
});
