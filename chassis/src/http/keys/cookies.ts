import { COOKIE } from '../message/field-kinds.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { ByteRange } from './range.ts';
import { startsWith } from './target.ts';

const SEMICOLON = 59;
const EQUALS = 61;
const SPACE = 32;
const TAB = 9;

/**
 * The value of the first cookie of this name (latin1; case matters) over all `Cookie` fields, as sent: pairs are taken apart at `;`, names and values
 * without the blanks around them (RFC 6265 §5.4, as browsers write them).
 * @returns false where there is none
 */
export function cookieRange(head: RequestHead, name: string, range: ByteRange): boolean {
  if (!head.has(COOKIE)) return false;
  for (let i = head.find('cookie', 0); i !== -1; i = head.find('cookie', i + 1)) {
    if (inField(head.buffer, head.valueStart[i] as number, head.valueEnd[i] as number, name, range)) return true;
  }
  return false;
}

function inField(buffer: Buffer, start: number, end: number, name: string, range: ByteRange): boolean {
  let from = start;
  while (from <= end) {
    from = skipBlanks(buffer, from, end);
    let to = from;
    while (to < end && buffer[to] !== SEMICOLON) to++;
    if (isPair(buffer, from, to, name, range)) return true;
    from = to + 1;
  }
  return false;
}

/** Whether `buffer[from, to)` is this cookie; a name without `=` is a cookie without value. */
function isPair(buffer: Buffer, from: number, to: number, name: string, range: ByteRange): boolean {
  if (to - from < name.length || !startsWith(buffer, from, name)) return false;
  const after = skipBlanks(buffer, from + name.length, to);
  if (after < to && buffer[after] !== EQUALS) return false;
  const start = skipBlanks(buffer, Math.min(after + 1, to), to);
  let end = to;
  while (end > start && isBlank(buffer[end - 1] as number)) end--;
  range.set(buffer, start, end);
  return true;
}

function skipBlanks(buffer: Buffer, from: number, end: number): number {
  let i = from;
  while (i < end && isBlank(buffer[i] as number)) i++;
  return i;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}
