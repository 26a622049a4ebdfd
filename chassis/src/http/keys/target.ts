import type { RequestHead } from '../message/request-head.ts';
import type { ByteRange } from './range.ts';

/** Parts of the request target, as ranges of its bytes. */

const SLASH = 47;
const QUESTION = 63;
const AMPERSAND = 38;
const EQUALS = 61;

/** Path and query. Of an absolute target without a path it is what a `/` stands before, which is a copy. */
export function uriRange(head: RequestHead, range: ByteRange): void {
  const { buffer, pathStart, pathEnd } = head;
  if (pathStart === pathEnd || buffer[pathStart] === QUESTION) {
    const copy = Buffer.allocUnsafe(pathEnd - pathStart + 1);
    copy[0] = SLASH;
    buffer.copy(copy, 1, pathStart, pathEnd);
    range.set(copy, 0, copy.length);
  } else range.set(buffer, pathStart, pathEnd);
}

/** What stands before the first `?`. */
export function pathRange(head: RequestHead, range: ByteRange): void {
  uriRange(head, range);
  range.end = queryMark(range.buffer, range.start, range.end);
}

/** The segment of the path with this index. @returns false where the path has fewer */
export function segmentRange(head: RequestHead, index: number, range: ByteRange): boolean {
  pathRange(head, range);
  const { buffer, end } = range;
  let from = slashAfter(buffer, range.start, end);
  for (let i = 0; i < index && from < end; i++) from = slashAfter(buffer, from + 1, end);
  if (from >= end) return false;
  range.start = from + 1;
  range.end = slashAfter(buffer, from + 1, end);
  return true;
}

/** The value of the first parameter of this name (latin1), as sent. @returns false where there is none */
export function queryRange(head: RequestHead, name: string, range: ByteRange): boolean {
  const { buffer, pathEnd } = head;
  let from = queryMark(buffer, head.pathStart, pathEnd) + 1;
  while (from <= pathEnd) {
    let end = from;
    while (end < pathEnd && buffer[end] !== AMPERSAND) end++;
    const value = from + name.length;
    if (value <= end && (value === end || buffer[value] === EQUALS) && startsWith(buffer, from, name)) {
      range.set(buffer, Math.min(value + 1, end), end);
      return true;
    }
    from = end + 1;
  }
  return false;
}

/** Whether the bytes at `at` are those of `text` (latin1). */
export function startsWith(buffer: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (buffer[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function queryMark(buffer: Buffer, start: number, end: number): number {
  let i = start;
  while (i < end && buffer[i] !== QUESTION) i++;
  return i;
}

function slashAfter(buffer: Buffer, start: number, end: number): number {
  let i = start;
  while (i < end && buffer[i] !== SLASH) i++;
  return i;
}
