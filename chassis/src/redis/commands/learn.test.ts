import { expect, test } from 'vitest';
import { CommandTable, keyIndexes, refusalOf } from './index.ts';
import { argsOf } from './testing/args.ts';

const range = (first: number, last: number, step = 1): unknown => [
  'flags',
  ['RO', 'access'],
  'begin_search',
  ['type', 'index', 'spec', ['index', first]],
  'find_keys',
  ['type', 'range', 'spec', ['lastkey', last, 'keystep', step, 'limit', 0]],
];

function entry(
  name: string,
  flags: string[],
  specs: unknown[],
  more: { acl?: string[]; sub?: unknown[]; arity?: number } = {},
) {
  return [name, more.arity ?? -2, flags, 1, 1, 1, more.acl ?? [], [], specs, more.sub ?? []];
}

function learnt(...entries: unknown[]): CommandTable {
  const table = new CommandTable();
  table.learn(entries);
  return table;
}

test('a module command that names its keys is forwarded, with arity and keys', () => {
  const table = learnt(
    entry('JSON.GET', ['readonly'], [range(1, 0)]),
    entry('json.mget', ['readonly'], [range(1, -2)]),
  );
  expect(table.named('json.get')).toMatchObject({
    treatment: 'forward',
    onlyKey: 1,
    arity: -2,
    group: 'module',
    write: false,
  });
  const out: number[] = [];
  const args = argsOf('JSON.MGET', 'a', 'b', '$');
  expect(keyIndexes(table.resolve(args)!, args, out)).toBe(2);
  expect(out).toEqual([1, 2]);
});

test('answers of RESP3 (maps, sets, buffers, bigints) are understood as well', () => {
  const spec = new Map<unknown, unknown>([
    ['flags', new Set([Buffer.from('RW')])],
    [
      'begin_search',
      new Map<string, unknown>([
        ['type', Buffer.from('keyword')],
        [
          'spec',
          new Map<string, unknown>([
            ['keyword', Buffer.from('KEYS')],
            ['startfrom', 2n],
          ]),
        ],
      ]),
    ],
    [
      'find_keys',
      new Map<string, unknown>([
        ['type', 'keynum'],
        [
          'spec',
          new Map([
            ['keynumidx', 0],
            ['firstkey', 1],
            ['keystep', 1],
          ]),
        ],
      ]),
    ],
  ]);
  const table = learnt([
    Buffer.from('X.DO'),
    -3,
    new Set(['write', 'movablekeys']),
    0,
    0,
    0,
    new Set(['@write']),
    [],
    [spec],
    [],
  ]);
  const args = argsOf('x.do', 'option', 'keys', '2', 'a', 'b', 'rest');
  const out: number[] = [];
  expect(table.resolve(args)).toMatchObject({ treatment: 'forward', write: true });
  expect(keyIndexes(table.resolve(args)!, args, out)).toBe(2);
  expect(out).toEqual([4, 5]);
});

test('servers before 7.0 tell first key, last key and step', () => {
  const table = learnt(['bf.add', 3, ['write', 'denyoom'], 1, 1, 1], ['x.pairs', -3, ['write'], 2, -1, 2]);
  expect(table.named('bf.add')).toMatchObject({ treatment: 'forward', onlyKey: 1 });
  const out: number[] = [];
  expect(keyIndexes(table.named('x.pairs')!, argsOf('x.pairs', 'o', 'a', '1', 'b', '2'), out)).toBe(2);
  expect(out).toEqual([2, 4]);
});

test.each([
  ['waits', entry('x.wait', ['blocking'], [range(1, 0)]), 'connection of their own'],
  ['administers', entry('x.admin', ['admin'], [range(1, 0)]), 'administers'],
  ['is dangerous', entry('x.wild', ['write'], [range(1, 0)], { acl: ['@write', '@dangerous'] }), 'dangerous'],
  ['changes its connection', entry('x.conn', [], [range(1, 0)], { acl: ['@connection'] }), 'shares? theirs'],
  ['has no key', ['ft.search', -3, ['readonly'], 0, 0, 0, [], [], [], []], 'names no key'],
  ['hides its keys', entry('x.hide', ['write', 'movablekeys'], [range(1, 0)]), 'do not say where'],
  [
    'has unknown keys',
    entry(
      'x.unk',
      ['write'],
      [['flags', [], 'begin_search', ['type', 'unknown', 'spec', []], 'find_keys', ['type', 'unknown', 'spec', []]]],
    ),
    'do not say where',
  ],
])('a command that %s is refused with the reason', (_, shard, reason) => {
  const table = learnt(shard);
  const spec = table.named((shard[0] as string).toLowerCase());
  expect(spec).toMatchObject({ treatment: 'refuse', error: expect.stringMatching(new RegExp(`^ERR X?.*${reason}`)) });
});

test('subcommands of a new container are learnt each by itself', () => {
  const table = learnt(
    entry('x.box', [], [], {
      sub: [entry('x.box|get', ['readonly'], [range(2, 0)]), entry('x.box|stop', ['admin'], [])],
    }),
  );
  expect(table.resolve(argsOf('X.BOX', 'GET', 'k'))).toMatchObject({ treatment: 'forward', onlyKey: 2 });
  expect(table.resolve(argsOf('X.BOX', 'STOP'))).toMatchObject({ treatment: 'refuse' });
  expect(table.resolve(argsOf('X.BOX', 'OTHER'))).toBeUndefined();
});

test('what is known is not changed by what a shard says, twice the same changes nothing', () => {
  const table = new CommandTable();
  const before = table.named('shutdown');
  const shard = [entry('shutdown', ['readonly'], [range(1, 0)]), entry('y.get', ['readonly'], [range(1, 0)])];
  expect(table.learn(shard).forwarded).toEqual(['y.get']);
  expect(table.named('shutdown')).toBe(before);
  const learnt = table.named('y.get');
  expect(table.learn(shard)).toEqual({ rows: [], forwarded: [], refused: [] });
  expect(table.named('y.get')).toBe(learnt);
});

test('an answer of another form teaches nothing', () => {
  const table = new CommandTable();
  for (const reply of [null, 'ERR', 7, [], [null], [[1]], [['bad name', 2]], [['a|b|c', 2, [], 1, 1, 1]], [{}]])
    expect(table.learn(reply)).toEqual({ rows: [], forwarded: [], refused: [] });
  expect(table.learn([['odd', 'x', 'y', {}, [], null, 5, 6, 7, 8]]).refused).toEqual(['odd']);
});

test('a condition of ours does not apply to a learnt command', () => {
  const table = learnt(entry('z.get', ['readonly'], [range(1, 0)]));
  expect(table.named('z.get')?.conditional).toBe(false);
  expect(refusalOf(table.named('z.get')!, argsOf('z.get', 'k'))).toBeUndefined();
});
