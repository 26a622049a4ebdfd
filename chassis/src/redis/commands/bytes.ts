import type { Arguments } from './spec.ts';

/** Whether `buffer[start, end)` is the lower-case ASCII `word`, upper and lower case taken as equal. */
export function equalsWord(buffer: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  const length = word.length;
  if (end - start !== length) return false;
  for (let i = 0; i < length; i++) {
    let byte = buffer[start + i] as number;
    if (byte >= 65 && byte <= 90) byte |= 32;
    if (byte !== word[i]) return false;
  }
  return true;
}

/** Whether argument `index` is the lower-case ASCII `word`, upper and lower case taken as equal. */
export function argumentIs(args: Arguments, index: number, word: Uint8Array): boolean {
  return equalsWord(args.buffer, args.starts[index] as number, args.ends[index] as number, word);
}

/**
 * Argument `index` as a number of keys, or -1 when it is not one. As strict as Redis's own parser (no sign, no blank, no
 * leading zero), so that what is taken for a number here is one there.
 */
export function countAt(args: Arguments, index: number): number {
  const start = args.starts[index] as number;
  const end = args.ends[index] as number;
  const length = end - start;
  if (length < 1 || length > 9) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (args.buffer[i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    if (digit === 0 && i === start && length > 1) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Argument `index` as text, byte for byte (latin1). */
export function textAt(args: Arguments, index: number): string {
  const { buffer } = args;
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString(
    'latin1',
    args.starts[index],
    args.ends[index],
  );
}

/** Lower-case ASCII bytes of a keyword. */
export function word(text: string): Uint8Array {
  return Uint8Array.from(text.toLowerCase(), (character) => character.charCodeAt(0));
}
