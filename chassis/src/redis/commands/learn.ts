import { type Decision, refuseError } from './classification.ts';
import type { CommandRow } from './compile.ts';
import type { CommandFact, KeyFact } from './facts.ts';

/** What a shard's COMMAND added. */
export interface Learned {
  readonly rows: readonly CommandRow[];
  /** Names that are forwarded from now on. */
  readonly forwarded: readonly string[];
  /** Names that are refused, and their error says why. */
  readonly refused: readonly string[];
}

/** Flags and ACL categories of commands that change their connection, wait, or reach beyond their keys. */
const UNSAFE = new Map([
  ['blocking', 'commands that wait need a connection of their own'],
  ['pubsub', 'publish and subscribe need a connection of their own'],
  ['scripting', 'a script may read and write keys of any shard'],
  ['transaction', 'transactions need a connection of their own'],
  ['connection', 'it changes the state of its connection, and shards share theirs'],
  ['admin', 'it administers a single server'],
  ['dangerous', 'the shard counts it among its dangerous commands'],
  ['no_auth', 'it changes the state of its connection, and shards share theirs'],
  ['no_multi', 'it needs a connection of its own'],
  ['touches_arbitrary_keys', 'it may touch keys of any shard'],
]);

/** The rows for those commands of a COMMAND reply that are not `known`. */
export function learnRows(reply: unknown, known: (name: string) => boolean): Learned {
  const rows: CommandRow[] = [];
  for (const entry of Array.isArray(reply) ? reply : []) collect(entry, known, rows);
  const of = (treatment: string): string[] => rows.filter((row) => row.treatment === treatment).map((row) => row.name);
  return { rows, forwarded: of('forward'), refused: of('refuse') };
}

function collect(entry: unknown, known: (name: string) => boolean, rows: CommandRow[]): void {
  if (!Array.isArray(entry)) return;
  const name = text(entry[0])?.toLowerCase();
  if (name === undefined || !/^[!-{}~]{1,64}(\|[!-{}~]{1,64})?$/.test(name) || known(name)) return;
  const subcommands: unknown[] = Array.isArray(entry[9]) ? entry[9] : [];
  const fact = factOf(name, entry);
  rows.push({ ...fact, ...decide(fact, categories(entry[6]), subcommands.length > 0) });
  for (const subcommand of subcommands) collect(subcommand, known, rows);
}

function factOf(name: string, entry: readonly unknown[]): CommandFact {
  const flags = list(entry[2]).flatMap((flag) => text(flag)?.toLowerCase() ?? []);
  const specs = list(entry[8]).map(keyFact);
  const keys = specs.length > 0 ? specs : legacyKeys(entry);
  return { name, arity: integer(entry[1]) ?? -1, group: 'module', since: '', flags, keys };
}

/** Servers before 7.0, and modules made for them: first key, last key, step. */
function legacyKeys(entry: readonly unknown[]): KeyFact[] {
  const [first, last, step] = [integer(entry[3]), integer(entry[4]), integer(entry[5])];
  if (first === undefined || last === undefined || step === undefined || first < 1 || step < 1) return [];
  return [{ at: first, range: [last < 0 ? last : last - first, step, 0] }];
}

function decide(fact: CommandFact, acl: readonly string[], container: boolean): Decision {
  if (container) return { treatment: 'refuse', error: refuseError(fact.name, 'it needs a subcommand') };
  for (const mark of [...fact.flags, ...acl]) {
    const why = UNSAFE.get(mark);
    if (why !== undefined) return { treatment: 'refuse', error: refuseError(fact.name, why) };
  }
  const keys = fact.keys ?? [];
  if (keys.some((key) => 'unknown' in key || key.incomplete === true) || movable(fact))
    return { treatment: 'refuse', error: refuseError(fact.name, 'the shards do not say where all of its keys are') };
  if (keys.every((key) => 'unknown' in key || key.notKey === true))
    return { treatment: 'refuse', error: refuseError(fact.name, 'it names no key, so that no shard can be chosen') };
  return { treatment: 'forward' };
}

/** `movablekeys` is harmless where rules find the moved keys: a count or a keyword. */
function movable(fact: CommandFact): boolean {
  return fact.flags.includes('movablekeys') && !(fact.keys ?? []).some((key) => 'keynum' in key || 'keyword' in key);
}

function keyFact(value: unknown): KeyFact {
  const spec = fields(value);
  const flags = list(spec.get('flags')).map((flag) => text(flag)?.toLowerCase());
  const begin = typed(spec.get('begin_search'));
  const find = typed(spec.get('find_keys'));
  const at = begin.type === 'index' ? integer(begin.spec.get('index')) : undefined;
  const keyword = begin.type === 'keyword' ? text(begin.spec.get('keyword')) : undefined;
  const from = integer(begin.spec.get('startfrom'));
  const where =
    at !== undefined && at > 0 ? { at } : keyword !== undefined && from !== undefined ? { keyword, from } : undefined;
  const which = rangeOf(find) ?? keynumOf(find);
  if (where === undefined || which === undefined) return { unknown: true };
  const notKey = flags.includes('not_key') ? { notKey: true as const } : {};
  const incomplete = flags.includes('incomplete') ? { incomplete: true as const } : {};
  return { ...where, ...which, ...notKey, ...incomplete };
}

interface Typed {
  readonly type: string | undefined;
  readonly spec: ReadonlyMap<string, unknown>;
}

function typed(value: unknown): Typed {
  const content = fields(value);
  return { type: text(content.get('type')), spec: fields(content.get('spec')) };
}

function rangeOf({ type, spec }: Typed): { range: readonly [number, number, number] } | undefined {
  const [last, step, limit] = [integer(spec.get('lastkey')), integer(spec.get('keystep')), integer(spec.get('limit'))];
  if (type !== 'range' || last === undefined || step === undefined || step < 1 || limit === undefined) return undefined;
  return { range: [last, step, limit] };
}

function keynumOf({ type, spec }: Typed): { keynum: readonly [number, number, number] } | undefined {
  const [index, first, step] = [
    integer(spec.get('keynumidx')),
    integer(spec.get('firstkey')),
    integer(spec.get('keystep')),
  ];
  if (type !== 'keynum' || index === undefined || first === undefined || step === undefined || step < 1)
    return undefined;
  return { keynum: [index, first, step] };
}

/** A map of RESP3, or the flat array of RESP2. */
function fields(value: unknown): Map<string, unknown> {
  const pairs = new Map<string, unknown>();
  if (value instanceof Map) for (const [key, content] of value) pairs.set(text(key) ?? '', content);
  if (Array.isArray(value)) for (let i = 0; i + 1 < value.length; i += 2) pairs.set(text(value[i]) ?? '', value[i + 1]);
  return pairs;
}

function categories(value: unknown): string[] {
  return list(value).flatMap((category) => text(category)?.toLowerCase().replace(/^@/, '') ?? []);
}

/** An array, or the set of RESP3. */
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value instanceof Set ? [...value] : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string'
    ? value
    : value instanceof Uint8Array
      ? Buffer.from(value).toString('latin1')
      : undefined;
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}
