import { JsonCursor } from './json-cursor.ts';

/**
 * The scalar at `path` of the JSON text (RFC 8259, UTF-8) in `bytes[start, end)`, as a latin1 view of its canonical bytes:
 * - a string: its UTF-8 bytes, escapes resolved; a lone surrogate as U+FFFD
 * - a number written without fraction and exponent: its digits, so that 64-bit identifiers stay apart; −0 is `0`
 * - any other number: as ECMAScript writes the nearest double (RFC 8785 §3.2.2.3), so that `1.0`, `1e0` and `1` are one key
 * - `true` or `false`
 *
 * Undefined for null, objects and lists, where there is nothing, and where what comes before is no JSON. Of members with one
 * name the first counts. A name of digits is also an index into a list. What comes after the value is not looked at, but for
 * the comma or bracket that shows that it ended.
 * Reads each byte at most once and makes nothing but the answer.
 * @param path names as latin1 views of their UTF-8 bytes, as the parser gives them
 */
export function jsonScalar(bytes: Uint8Array, start: number, end: number, path: readonly string[]): string | undefined {
  const cursor = new JsonCursor(bytes, start, end);
  for (const name of path) {
    const entered = cursor.takes('{') ? enterMember(cursor, name) : cursor.takes('[') && enterItem(cursor, name);
    if (!entered) return undefined;
  }
  const value = cursor.scalar();
  return cursor.ends(path.length > 0) ? value : undefined;
}

/** Goes to the value of the member `name`; behind the `{`. */
function enterMember(cursor: JsonCursor, name: string): boolean {
  if (cursor.takes('}')) return false;
  do {
    const found = cursor.string();
    if (found === undefined || !cursor.takes(':')) return false;
    if (found === name) return true;
    if (!cursor.skipValue()) return false;
  } while (cursor.takes(','));
  return false;
}

/** Goes to the item whose index `name` is; behind the `[`. */
function enterItem(cursor: JsonCursor, name: string): boolean {
  if (!/^(0|[1-9][0-9]{0,8})$/.test(name)) return false;
  const index = Number(name);
  if (cursor.takes(']')) return false;
  for (let i = 0; i < index; i++) if (!cursor.skipValue() || !cursor.takes(',')) return false;
  return true;
}
