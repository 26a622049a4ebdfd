import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arityFits, CommandTable, unknownCommand, unknownSubcommand, wrongArity } from './index.ts';
import { ROWS } from './table.generated.ts';
import { argsOf } from './testing/args.ts';

const table = new CommandTable();

test('every command is found by its name in any case, and only by its name', () => {
  for (const { name } of ROWS) {
    const parts = name.split('|');
    expect(table.resolve(argsOf(...parts))?.name).toBe(name);
    expect(table.resolve(argsOf(...parts.map((part) => part.toUpperCase())))?.name).toBe(name);
    expect(table.resolve(argsOf(`${parts[0]}!`))).toBeUndefined();
  }
});

test('a subcommand is no command of its own', () => {
  expect(table.resolve(argsOf('object|encoding', 'k'))).toBeUndefined();
  expect(table.resolve(argsOf('object', 'nothing', 'k'))).toBeUndefined();
  expect(table.resolve(argsOf('object'))?.name).toBe('object');
});

test('whatever bytes are asked for, a command is found exactly when its folded name is one', () => {
  const names = new Set(ROWS.map((row) => row.name).filter((name) => !name.includes('|')));
  const near = fc
    .constantFrom(...names)
    .chain((name) => fc.tuple(fc.constant(name), fc.nat(name.length - 1), fc.nat(255)));
  fc.assert(
    fc.property(near, ([name, at, byte]) => {
      const bytes = Buffer.from(name);
      bytes[at] = byte;
      const folded = bytes.toString('latin1').replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
      expect(table.find(bytes, 0, bytes.length)?.name).toBe(names.has(folded) ? folded : undefined);
    }),
  );
});

test('empty and very long names are unknown', () => {
  const long = Buffer.alloc(1 << 20, 'g');
  expect(table.find(long, 0, long.length)).toBeUndefined();
  expect(table.find(long, 0, 0)).toBeUndefined();
});

test('arity counts the name; negative means at least', () => {
  const get = table.named('get')!;
  expect([1, 2, 3].map((count) => arityFits(get, count))).toEqual([false, true, false]);
  const set = table.named('set')!;
  expect([2, 3, 9].map((count) => arityFits(set, count))).toEqual([false, true, true]);
  expect(wrongArity(table.named('object|encoding')!)).toBe(
    "ERR wrong number of arguments for 'object|encoding' command",
  );
});

test('unknown commands and subcommands get the texts of Redis 7', () => {
  expect(unknownCommand(argsOf('foo', 'a', 'b\r\n'))).toBe(
    "ERR unknown command 'foo', with args beginning with: 'a' 'b  ' ",
  );
  const long = 'x'.repeat(200);
  expect(unknownCommand(argsOf(long, long, 'y'))).toBe(
    `ERR unknown command '${'x'.repeat(128)}', with args beginning with: '${'x'.repeat(128)}' `,
  );
  expect(unknownSubcommand(argsOf('Object', 'foo', 'k'))).toBe("ERR unknown subcommand 'foo'. Try OBJECT HELP.");
});

test('what clients are refused tells why', () => {
  for (const { name } of ROWS) {
    const spec = table.named(name)!;
    const told = ['refuse', 'admin', 'disabled'].includes(spec.treatment) || name === 'config|get';
    expect(spec.error.startsWith('ERR ') && !spec.error.includes('\n'), name).toBe(told);
  }
});

test('what is known about some commands', () => {
  const of = (name: string) => {
    const { treatment, merge, scope, onlyKey, group, write } = table.named(name)!;
    return { treatment, merge, scope, onlyKey, group, write };
  };
  expect(of('get')).toEqual({
    treatment: 'forward',
    merge: 'none',
    scope: 'one',
    onlyKey: 1,
    group: 'string',
    write: false,
  });
  expect(of('mset')).toEqual({
    treatment: 'split',
    merge: 'succeeded',
    scope: 'one',
    onlyKey: 0,
    group: 'string',
    write: true,
  });
  expect(of('object|freq')).toMatchObject({ treatment: 'forward', onlyKey: 2 });
  expect(of('dbsize')).toMatchObject({ treatment: 'all', merge: 'sum' });
  expect(of('config|set')).toMatchObject({ treatment: 'admin', merge: 'succeeded', scope: 'all' });
  expect(of('cluster|slots')).toMatchObject({ treatment: 'disabled' });
});
