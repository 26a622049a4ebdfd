/** What a byte may be part of: bits in `BYTES`, looked up once per byte of a head. */
export const TOKEN = 1;
/** A field's value: VCHAR, SP, HTAB and obs-text (RFC 9110, 5.5). Not CR, LF, NUL, DEL or another control. */
export const VALUE = 2;
/**
 * A request-target: RFC 3986's characters, and `\ ^ ` { | } [ ]`, which browsers send in queries as they are. Not `#`
 * (a fragment never leaves the client; peers cut it off or not), not `" < >`, not bytes above 0x7e.
 */
export const TARGET = 4;
/** The host of an authority: reg-name without the comma (in a list of hosts it would read as two). */
export const HOST_NAME = 8;

export const BYTES = new Uint8Array(256);

const mark = (characters: string, bit: number): void => {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    BYTES[code] = (BYTES[code] as number) | bit;
  }
};

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
mark(`${alphanumeric}!#$%&'*+-.^_\`|~`, TOKEN);
mark(`${alphanumeric}-._~%!$&'()*+,;=:@/?\\^\`{|}[]`, TARGET);
mark(`${alphanumeric}-._~%!$&'()*+;=`, HOST_NAME);
for (let byte = 0x20; byte < 0x100; byte++) if (byte !== 0x7f) BYTES[byte] = (BYTES[byte] as number) | VALUE;
BYTES[9] = (BYTES[9] as number) | VALUE;

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const COMMA = 44;
export const COLON = 58;
export const DELETE = 127;

/** Whether `buffer[start, end)` is `lower` in any case of letters. `lower` has letters, digits and hyphens. */
export function isWord(buffer: Buffer, start: number, end: number, lower: string): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) {
    let byte = buffer[start + i] as number;
    if (byte >= 65 && byte <= 90) byte |= 0x20;
    if (byte !== lower.charCodeAt(i)) return false;
  }
  return true;
}

/** A byte as it may stand in a log or an answer: `"a"`, or `0x0a`. */
export function shown(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `0x${byte.toString(16).padStart(2, '0')}`;
}
