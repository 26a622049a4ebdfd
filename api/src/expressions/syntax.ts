/** What expressions are made of, once parsed. Names and texts are latin1 views of their UTF-8 bytes, as requests are read. */
export type Part =
  | { readonly kind: 'header' | 'cookie' | 'query'; readonly name: string }
  | { readonly kind: 'segment'; readonly index: number }
  | { readonly kind: 'json'; readonly path: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path' | 'uri' | 'host' | 'method' | 'ip' | 'country' };

/** `a + b`: one part or several. */
export type Join = readonly Part[];

/** At most so many parts in one expression. */
export const MAX_PARTS = 8;

/** `path[0]` to `path[99]`. */
export const MAX_SEGMENT = 99;

/** UTF-8 bytes as the characters of the same numbers. */
export function asLatin1(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the same in both
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}
