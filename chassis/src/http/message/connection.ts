import { BYTES, isWord, TOKEN } from './bytes.ts';
import { MessageError } from './error.ts';
import { CONNECTION, kindOfName, OTHER, UPGRADE } from './field-kinds.ts';
import type { Fields } from './fields.ts';
import { elementEnd, trimmedEnd, trimmedStart } from './framing-fields.ts';
import { MAX_CONNECTION_OPTIONS } from './limits.ts';

export const OPTION_CLOSE = 1;
export const OPTION_KEEP_ALIVE = 2;
export const OPTION_UPGRADE = 4;

/**
 * Fields that `Connection` cannot take away, beside all those that this proxy knows itself (Host, Content-Length,
 * Authorization, Cookie, X-Forwarded-*, ...): they are meant for the last recipient, and leaving them out would change
 * what it does (RFC 9110, 7.6.1; an attacker's way to remove what a proxy before us has added).
 */
const KEPT = new Set([
  'accept',
  'cache-control',
  'date',
  'etag',
  'last-modified',
  'location',
  'origin',
  'pragma',
  'range',
  'referer',
  'set-cookie',
  'vary',
  'www-authenticate',
  'x-request-id',
]);
const KEPT_PREFIXES = ['content-', 'if-', 'x-motif-', 'x-forwarded-', 'sec-', 'x-auth', 'x-client', 'x-b3-'];

/**
 * Reads all `Connection` fields: the options that mean something here as bits, and the fields that they name are dropped.
 * @throws MessageError where there are too many
 */
export function readConnection(head: Fields, status: 400 | 502): number {
  let options = 0;
  let elements = 0;
  const { buffer } = head;
  for (let i = 0; i < head.count; i++) {
    if (head.kinds[i] !== CONNECTION) continue;
    const valueEnd = head.valueEnd[i] as number;
    for (let from = head.valueStart[i] as number; from < valueEnd; ) {
      const to = elementEnd(buffer, from, valueEnd);
      const start = trimmedStart(buffer, from, to);
      const end = trimmedEnd(buffer, start, to);
      from = to + 1;
      if (++elements > MAX_CONNECTION_OPTIONS) throw tooMany(status);
      if (isWord(buffer, start, end, 'keep-alive')) options |= OPTION_KEEP_ALIVE;
      else if (isWord(buffer, start, end, 'close')) options |= OPTION_CLOSE;
      else if (isWord(buffer, start, end, 'upgrade')) options |= OPTION_UPGRADE;
      else if (isToken(buffer, start, end)) dropNamed(head, buffer.toString('latin1', start, end).toLowerCase());
    }
  }
  return options;
}

/** Whether the only `Upgrade` is this protocol. */
export function upgradesTo(head: Fields, protocol: string): boolean {
  let found = false;
  for (let i = 0; i < head.count; i++) {
    if (head.kinds[i] !== UPGRADE) continue;
    if (found || !isWord(head.buffer, head.valueStart[i] as number, head.valueEnd[i] as number, protocol)) return false;
    found = true;
  }
  return found;
}

function dropNamed(head: Fields, name: string): void {
  if (kindOfName(name) !== OTHER || KEPT.has(name) || KEPT_PREFIXES.some((prefix) => name.startsWith(prefix))) return;
  for (let i = head.find(name, 0); i !== -1; i = head.find(name, i + 1)) head.drop(i);
}

function isToken(buffer: Buffer, start: number, end: number): boolean {
  let i = start;
  while (i < end && ((BYTES[buffer[i] as number] as number) & TOKEN) !== 0) i++;
  return i === end && end > start;
}

function tooMany(status: 400 | 502): MessageError {
  const told = status === 400 ? 431 : status;
  return new MessageError(told, 'TooManyOptions', `more than ${MAX_CONNECTION_OPTIONS} options in Connection`);
}
