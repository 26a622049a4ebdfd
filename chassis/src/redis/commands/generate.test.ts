import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { classifiedNames } from './classification.ts';
import type { CommandFacts } from './facts.ts';
import { decidedRows, generatedFiles } from './generate.ts';

const root = join(import.meta.dirname, '../../../..');
const facts = JSON.parse(readFileSync(join(import.meta.dirname, 'data/commands.json'), 'utf8')) as CommandFacts;

test.each(generatedFiles().map((file) => [file.path, file] as const))(
  '%s is up to date (npm run generate)',
  (_, file) => {
    expect(readFileSync(join(root, file.path), 'utf8')).toBe(file.content);
  },
);

test('every decision is about a command that exists', () => {
  const known = new Set(facts.commands.map((fact) => fact.name));
  expect(classifiedNames().filter((name) => !known.has(name))).toEqual([]);
});

test('a command without a decision stops the generator', () => {
  const stranger = { name: 'newthing', arity: 2, group: 'string', since: '99.0.0', flags: [] };
  expect(() => decidedRows({ ...facts, commands: [stranger] })).toThrow('no decision for newthing');
});

test('commands that the file marks as blocking, admin, pubsub or state-changing are never forwarded', () => {
  const marks = ['blocking', 'admin', 'pubsub', 'no_multi', 'no_auth', 'touches_arbitrary_keys', 'noscript'];
  const forwarded = decidedRows(facts).filter((row) => ['forward', 'split', 'one'].includes(row.treatment));
  const marked = forwarded.filter((row) => row.flags.some((flag) => marks.includes(flag))).map((row) => row.name);
  // XREAD and XREADGROUP wait only with BLOCK, which refusalOf keeps out; so it does for CONFIG GET's secrets; ROLE is marked noscript and harmless.
  expect(marked.filter((name) => !['xread', 'xreadgroup', 'role', 'config|get'].includes(name))).toEqual([]);
});
