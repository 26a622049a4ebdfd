import { argumentIs, word } from './bytes.ts';
import { type Arguments, KEYS_INVALID } from './spec.ts';

const LIMIT = word('limit');
const GET = word('get');
const BY = word('by');
const STORE = word('store');
const STOREDIST = word('storedist');
const KEYS = word('keys');
const AUTH = word('auth');
const AUTH2 = word('auth2');
const BLOCK = word('block');
const COUNT = word('count');
const GROUP = word('group');
const NOACK = word('noack');
const STREAMS = word('streams');

/** `SORT key [BY p] [LIMIT a b] [GET p …] … [STORE dest]`: the key, and the last destination. */
export function walkSort(args: Arguments, out: number[]): number {
  out[0] = 1;
  let stored = 0;
  for (let i = 2; i < args.count; i++) {
    if (argumentIs(args, i, LIMIT)) i += 2;
    else if (argumentIs(args, i, GET) || argumentIs(args, i, BY)) i += 1;
    else if (argumentIs(args, i, STORE) && i + 1 < args.count) stored = ++i;
  }
  if (stored === 0) return 1;
  out[1] = stored;
  return 2;
}

/**
 * The indexes of the patterns in a SORT (`BY p`, `GET p`) that name further keys; `out` from the front, returns how many.
 * A pattern without `*` names none (`BY nosort`, `GET #`).
 */
export function sortPatterns(args: Arguments, out: number[]): number {
  let count = 0;
  for (let i = 2; i < args.count; i++) {
    if (argumentIs(args, i, LIMIT)) i += 2;
    else if (argumentIs(args, i, STORE)) i += 1;
    else if ((argumentIs(args, i, GET) || argumentIs(args, i, BY)) && i + 1 < args.count) {
      i += 1;
      if (starAt(args, i) !== -1) out[count++] = i;
    }
  }
  return count;
}

/** Where the first `*` of argument `index` stands in the buffer, or -1. */
export function starAt(args: Arguments, index: number): number {
  const end = args.ends[index] as number;
  for (let i = args.starts[index] as number; i < end; i++) if (args.buffer[i] === 42) return i;
  return -1;
}

/** `GEORADIUS key … [STORE dest] [STOREDIST dest]`: the key, and of the destinations the last, which wins. */
export function walkGeoRadius(args: Arguments, out: number[]): number {
  out[0] = 1;
  let stored = 0;
  for (let i = 5; i + 1 < args.count; i++) {
    if (argumentIs(args, i, STORE) || argumentIs(args, i, STOREDIST)) stored = ++i;
  }
  if (stored === 0) return 1;
  out[1] = stored;
  return 2;
}

/** `MIGRATE host port key|"" db timeout [COPY] [REPLACE] [AUTH p] [AUTH2 u p] [KEYS key …]`. */
export function walkMigrate(args: Arguments, out: number[]): number {
  for (let i = 6; i < args.count; i++) {
    if (argumentIs(args, i, KEYS)) {
      if (args.starts[3] !== args.ends[3] || i + 1 >= args.count) return KEYS_INVALID;
      let count = 0;
      for (let key = i + 1; key < args.count; key++) out[count++] = key;
      return count;
    }
    if (argumentIs(args, i, AUTH)) i += 1;
    else if (argumentIs(args, i, AUTH2)) i += 2;
  }
  out[0] = 3;
  return 1;
}

/** The index of the word STREAMS among the options of XREAD and XREADGROUP, or 0. */
function streamsIndex(args: Arguments): number {
  for (let i = 1; i < args.count; i++) {
    if (argumentIs(args, i, STREAMS)) return i;
    if (argumentIs(args, i, BLOCK) || argumentIs(args, i, COUNT)) i += 1;
    else if (argumentIs(args, i, GROUP)) i += 2;
    else if (!argumentIs(args, i, NOACK)) return 0;
  }
  return 0;
}

/** `XREAD [COUNT n] [BLOCK ms] STREAMS key … id …`: the first half of what follows STREAMS. */
export function walkXread(args: Arguments, out: number[]): number {
  const streams = streamsIndex(args);
  const rest = args.count - streams - 1;
  if (streams === 0 || rest === 0 || rest % 2 !== 0) return KEYS_INVALID;
  const keys = rest / 2;
  for (let i = 0; i < keys; i++) out[i] = streams + 1 + i;
  return keys;
}

/** Whether an XREAD or XREADGROUP asks to wait (`BLOCK` among its options, not a group or stream of that name). */
export function xreadBlocks(args: Arguments): boolean {
  for (let i = 1; i < args.count; i++) {
    if (argumentIs(args, i, BLOCK)) return true;
    if (argumentIs(args, i, COUNT)) i += 1;
    else if (argumentIs(args, i, GROUP)) i += 2;
    else if (!argumentIs(args, i, NOACK)) return false;
  }
  return false;
}
