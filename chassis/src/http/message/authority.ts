import { BYTES, COLON, HOST_NAME } from './bytes.ts';

const PERCENT = 37;
const OPEN = 91;
const CLOSE = 93;
const MAX_PORT_DIGITS = 5;

/**
 * Whether `buffer[start, end)` is a host with an optional port: a name, an IPv4 address, or an IPv6 address in brackets.
 * No user information (RFC 9110, 4.2.4), and not empty.
 */
export function isAuthority(buffer: Buffer, start: number, end: number): boolean {
  const hostEnd = buffer[start] === OPEN ? literalEnd(buffer, start, end) : nameEnd(buffer, start, end);
  if (hostEnd <= start) return false;
  if (hostEnd === end) return true;
  return buffer[hostEnd] === COLON && isPort(buffer, hostEnd + 1, end);
}

function nameEnd(buffer: Buffer, start: number, end: number): number {
  let i = start;
  while (i < end && ((BYTES[buffer[i] as number] as number) & HOST_NAME) !== 0) {
    if (buffer[i] === PERCENT && (i + 2 >= end || !isHex(buffer[i + 1] as number) || !isHex(buffer[i + 2] as number))) {
      return -1;
    }
    i++;
  }
  return i;
}

/** Past the bracket; -1 where there is none or something else than an address in it. Its digits are not counted. */
function literalEnd(buffer: Buffer, start: number, end: number): number {
  let i = start + 1;
  while (i < end && (isHex(buffer[i] as number) || buffer[i] === COLON || buffer[i] === 46)) i++;
  return i < end && buffer[i] === CLOSE && i - start > 2 ? i + 1 : -1;
}

function isPort(buffer: Buffer, start: number, end: number): boolean {
  if (end - start > MAX_PORT_DIGITS) return false;
  for (let i = start; i < end; i++) {
    const digit = (buffer[i] as number) - 48;
    if (digit < 0 || digit > 9) return false;
  }
  return true;
}

function isHex(byte: number): boolean {
  const letter = byte | 0x20;
  return (byte >= 48 && byte <= 57) || (letter >= 97 && letter <= 102);
}
