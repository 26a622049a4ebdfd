import { BYTES, COMMA, CR, isWord, SPACE, TAB, TOKEN } from './bytes.ts';
import { MessageError } from './error.ts';
import { CONTENT_LENGTH, TRANSFER_ENCODING } from './field-kinds.ts';
import type { Fields } from './fields.ts';

/** More digits than the largest length (2^53 - 1) has. */
const MAX_DIGITS = 16;
const SEMICOLON = 59;

/**
 * The number in the one `Content-Length` there may be. A list or a second field is refused even where all values are the
 * same: RFC 9110, 8.6 allows either, and refusing leaves nothing that two readers could take differently.
 * @returns -1 where there is none
 * @throws MessageError
 */
export function readContentLength(head: Fields, status: 400 | 502): number {
  let value = -1;
  for (let i = 0; i < head.count; i++) {
    if (head.kinds[i] !== CONTENT_LENGTH) continue;
    if (value !== -1) throw new MessageError(status, 'BadContentLength', 'Content-Length is there twice');
    const start = head.valueStart[i] as number;
    const end = head.valueEnd[i] as number;
    value = readNumber(head.buffer, start, end, MAX_DIGITS);
    if (value === -1 || value > Number.MAX_SAFE_INTEGER) {
      throw new MessageError(status, 'BadContentLength', 'Content-Length is not a number below 2^53');
    }
    if (end - start > 1 && head.buffer[start] === 48) {
      head.lengthIntact = false;
      head.drop(i);
    }
  }
  return value;
}

/** The digits of `buffer[start, end)` as a number, -1 where there is anything else or too many of them. */
export function readNumber(buffer: Buffer, start: number, end: number, digits: number): number {
  if (end === start || end - start > digits) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (buffer[i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Makes sure that `Transfer-Encoding` says `chunked` and nothing else.
 * @throws MessageError 400 where the end of the body cannot be known (RFC 9112, 6.3), 501 for codings before `chunked`
 */
export function requireChunked(head: Fields, status: 400 | 502): void {
  let known = 0;
  let others = 0;
  let last = false;
  for (let i = 0; i < head.count; i++) {
    if (head.kinds[i] !== TRANSFER_ENCODING) continue;
    head.drop(i);
    const valueEnd = head.valueEnd[i] as number;
    refuseTab(head.buffer, valueEnd, status);
    for (let from = head.valueStart[i] as number; from <= valueEnd; ) {
      const end = elementEnd(head.buffer, from, valueEnd);
      const nameEnd = codingName(head.buffer, from, end, status);
      last = isWord(head.buffer, trimmedStart(head.buffer, from, end), nameEnd, 'chunked');
      if (last) known++;
      else others++;
      from = end + 1;
    }
  }
  if (!last || known > 1) {
    throw new MessageError(status, 'BadTransferEncoding', 'Transfer-Encoding does not end with chunked, once');
  }
  if (others > 0) {
    const told = status === 400 ? 501 : status;
    throw new MessageError(told, 'UnknownTransferEncoding', 'Transfer-Encoding other than chunked');
  }
}

/** A tab behind the last coding is white space by RFC 9110, 5.6.3; but llhttp then reads a response until it is closed. */
function refuseTab(buffer: Buffer, valueEnd: number, status: 400 | 502): void {
  for (let i = valueEnd; buffer[i] !== CR; i++) {
    if (buffer[i] === TAB) throw new MessageError(status, 'BadTransferEncoding', 'a tab behind Transfer-Encoding');
  }
}

/** Where the list element at `from` ends: at a comma or `end`. */
export function elementEnd(buffer: Buffer, from: number, end: number): number {
  let i = from;
  while (i < end && buffer[i] !== COMMA) i++;
  return i;
}

export function trimmedStart(buffer: Buffer, start: number, end: number): number {
  let i = start;
  while (i < end && (buffer[i] === SPACE || buffer[i] === TAB)) i++;
  return i;
}

export function trimmedEnd(buffer: Buffer, start: number, end: number): number {
  let i = end;
  while (i > start && (buffer[i - 1] === SPACE || buffer[i - 1] === TAB)) i--;
  return i;
}

/** Where a coding's name ends; parameters may follow, but not after `chunked`, which has none. */
function codingName(buffer: Buffer, from: number, to: number, status: 400 | 502): number {
  const start = trimmedStart(buffer, from, to);
  const end = trimmedEnd(buffer, start, to);
  let i = start;
  while (i < end && ((BYTES[buffer[i] as number] as number) & TOKEN) !== 0) i++;
  const parameters = i < end;
  const parametersAllowed = !isWord(buffer, start, i, 'chunked') && buffer[trimmedStart(buffer, i, end)] === SEMICOLON;
  if (i === start || (parameters && !parametersAllowed)) {
    throw new MessageError(status, 'BadTransferEncoding', 'Transfer-Encoding is not a list of codings');
  }
  return i;
}
