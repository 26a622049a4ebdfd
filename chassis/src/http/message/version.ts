import { shown } from './bytes.ts';
import { MessageError } from './error.ts';
import type { Fields } from './fields.ts';
import { MORE } from './parse-fields.ts';

const PREFIX = [72, 84, 84, 80, 47];
const DOT = 46;
const ONE = 49;

/**
 * Reads `HTTP/1.x` at `position`; a minor version above 1 is taken as 1 (RFC 9110, 2.5) and not passed on.
 * @returns the position past it, or MORE
 * @throws MessageError 505 for other major versions of a request
 */
export function parseVersion(buffer: Buffer, position: number, limit: number, head: Fields, status: 400 | 502): number {
  for (let i = 0; i < 8; i++) {
    const at = position + i;
    if (at >= limit) return MORE;
    const byte = buffer[at] as number;
    if (i < 5 ? byte === PREFIX[i] : i === 6 ? byte === DOT : byte >= 48 && byte <= 57) continue;
    throw new MessageError(status, 'BadVersion', `${shown(byte)} where HTTP/1.1 should be`);
  }
  if (buffer[position + 5] !== ONE) {
    const told = status === 400 ? 505 : status;
    throw new MessageError(told, 'BadVersion', 'a version other than HTTP/1.0 and HTTP/1.1');
  }
  const minor = buffer[position + 7] as number;
  head.minor = minor === 48 ? 0 : 1;
  if (minor !== ONE) head.lineIntact = false;
  return position + 8;
}
