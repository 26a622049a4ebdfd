import { word } from './bytes.ts';
import type { Decision } from './classification.ts';
import type { CommandFact, KeyFact } from './facts.ts';
import type { CommandSpec, KeyRule, KeyWalk } from './spec.ts';

/** A row of the generated table: what Valkey says of a command and what was decided about it. */
export interface CommandRow extends CommandFact, Decision {}

const WALKS: Readonly<Record<string, KeyWalk>> = {
  sort: 'sort',
  sort_ro: 'sort',
  georadius: 'georadius',
  georadiusbymember: 'georadius',
  migrate: 'migrate',
  xread: 'xread',
  xreadgroup: 'xread',
};

/** Whether only the arguments tell if it may be forwarded. */
const CONDITIONAL = new Set(['sort', 'sort_ro', 'xread', 'xreadgroup', 'config|get']);

/** Commands whose keys no rule describes and that need one of our walks. */
export function hasWalk(name: string): boolean {
  return WALKS[name] !== undefined;
}

/** Turns a row into what the proxy works with. */
export function compileRow(row: CommandRow, isContainer: (name: string) => boolean): CommandSpec {
  const keys = (row.keys ?? []).flatMap((fact) => compileKey(fact) ?? []);
  const walk = WALKS[row.name] ?? 'rules';
  return {
    name: row.name,
    arity: row.arity,
    group: row.group,
    flags: row.flags,
    write: row.flags.includes('write'),
    treatment: row.treatment,
    merge: row.merge ?? 'none',
    scope: row.scope ?? 'one',
    onlyKey: walk === 'rules' ? onlyKey(keys) : 0,
    keys,
    walk,
    conditional: CONDITIONAL.has(row.name),
    container: isContainer(row.name),
    error: row.error ?? '',
  };
}

/** The rule for a key specification; undefined for channels (`notKey`), unknown and incomplete ones. */
export function compileKey(fact: KeyFact): KeyRule | undefined {
  if ('unknown' in fact || fact.notKey === true || fact.incomplete === true) return undefined;
  const begin =
    'at' in fact
      ? { at: fact.at, keyword: word(''), from: 0 }
      : { at: 0, keyword: word(fact.keyword), from: fact.from };
  if ('range' in fact) {
    const [last, step, limit] = fact.range;
    return { ...begin, counted: false, last, first: 0, step, limit };
  }
  const [last, first, step] = fact.keynum;
  return { ...begin, counted: true, last, first, step, limit: 0 };
}

function onlyKey(keys: readonly KeyRule[]): number {
  const [rule] = keys;
  if (keys.length !== 1 || rule === undefined || rule.counted || rule.last !== 0) return 0;
  return rule.at;
}
