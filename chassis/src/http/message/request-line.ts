import { isAuthority } from './authority.ts';
import { BYTES, CR, isWord, LF, SPACE, shown, TARGET, TOKEN } from './bytes.ts';
import { MessageError } from './error.ts';
import { MAX_METHOD_BYTES, MAX_TARGET_BYTES } from './limits.ts';
import { methodOf } from './methods.ts';
import { MORE } from './parse-fields.ts';
import type { RequestHead } from './request-head.ts';
import { parseVersion } from './version.ts';

const SLASH = 47;
const STAR = 42;
const QUESTION = 63;

/**
 * Reads `method SP request-target SP HTTP-version CRLF` (RFC 9112, 3) at `position`.
 * @returns the position past it, or MORE
 * @throws MessageError
 */
export function parseRequestLine(buffer: Buffer, position: number, limit: number, head: RequestHead): number {
  const methodEnd = readMethod(buffer, position, limit, head);
  if (methodEnd === MORE) return MORE;
  const targetEnd = readTarget(buffer, methodEnd + 1, limit, head);
  if (targetEnd === MORE) return MORE;
  const end = parseVersion(buffer, targetEnd + 1, limit, head, 400);
  if (end === MORE || end + 1 >= limit) {
    if (end !== MORE && end < limit && buffer[end] !== CR) throw badLine(buffer, end);
    return MORE;
  }
  if (buffer[end] !== CR || buffer[end + 1] !== LF) throw badLine(buffer, end);
  checkTarget(head);
  return end + 2;
}

function readMethod(buffer: Buffer, position: number, limit: number, head: RequestHead): number {
  const bound = Math.min(limit, position + MAX_METHOD_BYTES + 1);
  let i = position;
  while (i < bound && ((BYTES[buffer[i] as number] as number) & TOKEN) !== 0) i++;
  if (i === bound) {
    if (bound === limit && bound - position <= MAX_METHOD_BYTES) return MORE;
    throw new MessageError(501, 'UnknownMethod', `a method of more than ${MAX_METHOD_BYTES} letters`);
  }
  if (buffer[i] !== SPACE || i === position) {
    throw new MessageError(400, 'BadMethod', `${shown(buffer[i] as number)} where a method should be`);
  }
  head.method = methodOf(buffer, position, i);
  return i;
}

function readTarget(buffer: Buffer, position: number, limit: number, head: RequestHead): number {
  const bound = Math.min(limit, position + MAX_TARGET_BYTES + 1);
  let i = position;
  while (i < bound && ((BYTES[buffer[i] as number] as number) & TARGET) !== 0) i++;
  if (i === bound) {
    if (bound === limit && bound - position <= MAX_TARGET_BYTES) return MORE;
    throw new MessageError(414, 'TargetTooLong', `a request-target of more than ${MAX_TARGET_BYTES} bytes`);
  }
  if (buffer[i] !== SPACE || i === position) {
    throw new MessageError(400, 'BadTarget', `${shown(buffer[i] as number)} in the request-target`);
  }
  head.targetStart = position;
  head.targetEnd = i;
  return i;
}

/** Sorts out which of the four forms the target has (RFC 9112, 3.2). */
function checkTarget(head: RequestHead): void {
  const { buffer, targetStart: start, targetEnd: end, method } = head;
  if (method === 'CONNECT' || method === 'TRACE') {
    throw new MessageError(501, 'MethodRefused', `${method} is not served here`);
  }
  head.pathStart = start;
  head.pathEnd = end;
  if (buffer[start] === SLASH) return;
  if (buffer[start] === STAR && end === start + 1) {
    if (method !== 'OPTIONS') throw new MessageError(400, 'BadTarget', 'the target * is for OPTIONS only');
    return;
  }
  const authority = afterScheme(buffer, start, end);
  if (authority === -1) throw new MessageError(400, 'BadTarget', 'a target that is neither a path nor an http URL');
  let i = authority;
  while (i < end && buffer[i] !== SLASH && buffer[i] !== QUESTION) i++;
  if (!isAuthority(buffer, authority, i)) {
    throw new MessageError(400, 'BadTarget', 'the URL of the request-target names no right host');
  }
  head.absolute = true;
  head.lineIntact = false;
  head.hostStart = authority;
  head.hostEnd = i;
  head.pathStart = i;
}

function afterScheme(buffer: Buffer, start: number, end: number): number {
  if (end - start > 7 && isWord(buffer, start, start + 7, 'http://')) return start + 7;
  if (end - start > 8 && isWord(buffer, start, start + 8, 'https://')) return start + 8;
  return -1;
}

function badLine(buffer: Buffer, at: number): MessageError {
  return new MessageError(400, 'BadRequestLine', `${shown(buffer[at] as number)} after the version of a request line`);
}
