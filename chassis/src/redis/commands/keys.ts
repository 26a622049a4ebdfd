import { argumentIs, countAt } from './bytes.ts';
import { type Arguments, type CommandSpec, KEYS_INVALID, type KeyRule } from './spec.ts';
import { walkGeoRadius, walkMigrate, walkSort, walkXread } from './walks.ts';

/**
 * Writes the indexes of a request's keys to `out` from the front and returns how many there are; 0 for a command without keys,
 * `KEYS_INVALID` when the arguments are malformed in a way for which the server answers an error and changes nothing.
 * The caller has checked the arity. For commands with `onlyKey` no call is needed: that index is the answer.
 * Rules and walks are those of Redis's COMMAND GETKEYS, but that the last STORE of a SORT counts, as in SORT itself.
 */
export function keyIndexes(spec: CommandSpec, args: Arguments, out: number[]): number {
  if (spec.onlyKey !== 0) {
    out[0] = spec.onlyKey;
    return 1;
  }
  switch (spec.walk) {
    case 'rules':
      return byRules(spec.keys, args, out);
    case 'sort':
      return walkSort(args, out);
    case 'georadius':
      return walkGeoRadius(args, out);
    case 'migrate':
      return walkMigrate(args, out);
    case 'xread':
      return walkXread(args, out);
  }
}

function byRules(rules: readonly KeyRule[], args: Arguments, out: number[]): number {
  let count = 0;
  for (const rule of rules) {
    const begin = rule.at === 0 ? afterKeyword(rule, args) : rule.at;
    if (begin === 0) continue;
    count = rule.counted ? counted(rule, begin, args, out, count) : ranged(rule, begin, args, out, count);
    if (count === KEYS_INVALID) return KEYS_INVALID;
  }
  return count;
}

/** The index after the keyword, 0 when it does not occur. The last argument is never the keyword, as in Redis. */
function afterKeyword(rule: KeyRule, args: Arguments): number {
  const forwards = rule.from > 0;
  const start = forwards ? rule.from : args.count + rule.from;
  const end = forwards ? args.count - 1 : 1;
  const step = start <= end ? 1 : -1;
  for (let i = start; i !== end && i < args.count && i >= 1; i += step) {
    if (argumentIs(args, i, rule.keyword)) return i + 1;
  }
  return 0;
}

function ranged(rule: KeyRule, begin: number, args: Arguments, out: number[], count: number): number {
  // `PFMERGE d` without sources: the keys before these are all there are.
  if (rule.last < 0 && begin >= args.count && count > 0) return count;
  let last = begin + rule.last;
  if (rule.last < 0) {
    last =
      rule.limit === 0 ? args.count + rule.last : begin + Math.trunc((args.count - begin) / rule.limit) + rule.last;
    // A key without its value (`MSET a 1 b`): the server refuses the whole command.
    if (rule.limit === 0 && rule.last === -1 && (args.count - begin) % rule.step !== 0) return KEYS_INVALID;
  }
  return pushRange(begin, last, rule.step, args.count, out, count);
}

function counted(rule: KeyRule, begin: number, args: Arguments, out: number[], count: number): number {
  const at = begin + rule.last;
  if (at >= args.count) return KEYS_INVALID;
  const keys = countAt(args, at);
  if (keys < 1) return KEYS_INVALID;
  const first = begin + rule.first;
  return pushRange(first, first + (keys - 1) * rule.step, rule.step, args.count, out, count);
}

function pushRange(first: number, last: number, step: number, limit: number, out: number[], count: number): number {
  if (first >= limit || last >= limit || last < first) return KEYS_INVALID;
  let at = count;
  for (let i = first; i <= last; i += step) out[at++] = i;
  return at;
}
