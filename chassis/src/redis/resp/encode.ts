/** RESP texts. Strings are latin1: one character a byte. */

export const OK = '+OK\r\n';

export function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

export function integer(value: number | bigint): string {
  return `:${value}\r\n`;
}

/** `text` begins with the error's code. */
export function error(text: string): string {
  return `-${text}\r\n`;
}

export function nullBulk(protocol: number): string {
  return protocol === 3 ? '_\r\n' : '$-1\r\n';
}

/** An array of replies that are encoded already. */
export function array(items: readonly string[]): string {
  return `*${items.length}\r\n${items.join('')}`;
}

/** A map of encoded replies: in RESP2 the flat array. */
export function map(protocol: number, pairs: readonly (readonly [string, string])[]): string {
  const items = pairs.flat();
  return protocol === 3 ? `%${pairs.length}\r\n${items.join('')}` : array(items);
}

/** A request: an array of bulks. Arguments in latin1. */
export function request(args: readonly string[]): string {
  return array(args.map(bulk));
}
