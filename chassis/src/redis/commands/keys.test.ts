import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandTable, KEYS_INVALID, keyIndexes } from './index.ts';
import { argsOf } from './testing/args.ts';

type Example = readonly [line: string, keys: readonly string[] | null];
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'testdata/getkeys.json'), 'utf8')) as {
  examples: Example[];
};
const table = new CommandTable();

/** The keys we find, or null when there are none or the arguments do not fit. */
function keysOf(line: string): string[] | null {
  const parts = line.split(' ').map((part) => (part === '""' ? '' : part));
  const spec = table.resolve(argsOf(...parts));
  if (spec === undefined) return null;
  const out: number[] = [];
  const count = keyIndexes(spec, argsOf(...parts), out);
  if (count === KEYS_INVALID || count === 0) return null;
  return out.slice(0, count).map((index) => parts[index] ?? 'BEYOND');
}

/** Where we differ from COMMAND GETKEYS on purpose. */
const OURS: Readonly<Record<string, readonly [keys: string[] | null, why: string]>> = {
  'LMPOP 01 a LEFT': [null, 'LMPOP itself refuses the count'],
  'LMPOP +1 a LEFT': [null, 'LMPOP itself refuses the count'],
  'GEORADIUS k 1 2 3 km STORE a STOREDIST b': [['k', 'b'], 'the last destination wins, as Valkey 9 reports it'],
  'GEORADIUSBYMEMBER k m 3 km STORE a STORE b': [['k', 'b'], 'the last destination wins, as Valkey 9 reports it'],
  'XREAD STREAMS a b 0': [null, 'XREAD refuses an odd list'],
  'XREAD COUNT STREAMS STREAMS a 0': [['a'], 'options are walked as XREAD itself does it'],
  'XREAD FOO STREAMS a 0': [null, 'XREAD refuses the option'],
  'PFMERGE d': [['d'], 'PFMERGE takes no source and then creates d'],
};

describe('keys of a request', () => {
  test.each(recorded.examples.filter(([line]) => OURS[line] === undefined))(
    '%s: as redis-server says',
    (line, keys) => {
      expect(keysOf(line)).toEqual(keys?.length === 0 ? null : keys);
    },
  );

  test.each(Object.entries(OURS))('%s', (line, [keys]) => {
    expect(keysOf(line)).toEqual(keys);
  });

  test('a key without its value: the whole MSET is malformed', () => {
    expect(keysOf('MSET a 1 b')).toBeNull();
    expect(keysOf('MSETNX a 1 b')).toBeNull();
  });

  test('keys keep the order of the arguments and duplicates', () => {
    expect(keysOf('MGET b a b')).toEqual(['b', 'a', 'b']);
    expect(keysOf('MSETEX 2 a 1 b 2 EX 10')).toEqual(['a', 'b']);
  });

  test('the array is filled from the front and may be reused', () => {
    const out = [9, 9, 9, 9, 9];
    const args = argsOf('DEL', 'a', 'b');
    expect(keyIndexes(table.named('del')!, args, out)).toBe(2);
    expect(out.slice(0, 3)).toEqual([1, 2, 9]);
  });
});
