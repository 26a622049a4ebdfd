import { asLatin1 } from './syntax.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether the byte with this number can be part of a number, `true`, `false` or `null`. */
const IN_WORD = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[-+.0-9A-Za-z]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
const INTEGER = /^-?(0|[1-9][0-9]*)$/;
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;
const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Walks through JSON text without making values of what it passes. White space before what is asked for is skipped. */
export class JsonCursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = end;
    const marked = end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
    this.#at = marked ? start + 3 : start;
  }

  /** Whether `symbol`, one character of ASCII, comes next; it is read if so. */
  takes(symbol: string): boolean {
    this.#skipSpace();
    if (this.#at >= this.#end || this.#bytes[this.#at] !== symbol.charCodeAt(0)) return false;
    this.#at++;
    return true;
  }

  /** The string that comes next, as a latin1 view of its UTF-8 bytes; undefined if none does. */
  string(): string | undefined {
    if (!this.takes('"')) return undefined;
    const from = this.#at;
    const to = this.#closingQuote();
    if (to === -1) return undefined;
    this.#at = to + 1;
    const raw = latin1(this.#bytes, from, to);
    return raw.includes('\\') ? unescaped(raw) : raw;
  }

  /** The string, number or boolean that comes next in canonical text; undefined if none does. */
  scalar(): string | undefined {
    this.#skipSpace();
    if (this.#bytes[this.#at] === QUOTE) return this.string();
    const word = this.#word();
    if (word === 'true' || word === 'false') return word;
    if (INTEGER.test(word)) return word === '-0' ? '0' : word;
    if (!NUMBER.test(word)) return undefined;
    const number = Number(word);
    return Number.isFinite(number) ? String(number) : undefined;
  }

  /** Whether the value before is complete: inside of a list or object a comma or bracket follows, else nothing. */
  ends(inside: boolean): boolean {
    this.#skipSpace();
    if (this.#at >= this.#end) return !inside;
    const byte = this.#bytes[this.#at];
    return inside && (byte === 0x2c || byte === 0x5d || byte === 0x7d);
  }

  /** Passes any value; false where none comes or it does not end. Of what is inside only strings and brackets are looked at. */
  skipValue(): boolean {
    this.#skipSpace();
    let depth = 0;
    do {
      const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
      if (byte === undefined) return false;
      if (byte === 0x7b || byte === 0x5b) depth++;
      else if (byte === 0x7d || byte === 0x5d) depth--;
      else if (byte === QUOTE) {
        this.#at++;
        const to = this.#closingQuote();
        if (to === -1) return false;
        this.#at = to;
      } else if (depth === 0) return this.#word() !== '';
      this.#at++;
    } while (depth > 0);
    return depth === 0;
  }

  /** Where the string that `#at` is inside of ends; −1 where it does not, or holds what no string may. */
  #closingQuote(): number {
    const bytes = this.#bytes;
    for (let i = this.#at; i < this.#end; i++) {
      const byte = bytes[i] as number;
      if (byte === QUOTE) return i;
      if (byte === BACKSLASH) i++;
      else if (byte < 0x20) return -1;
    }
    return -1;
  }

  #word(): string {
    const from = this.#at;
    while (this.#at < this.#end && IN_WORD[this.#bytes[this.#at] as number] === 1) this.#at++;
    return latin1(this.#bytes, from, this.#at);
  }

  #skipSpace(): void {
    for (; this.#at < this.#end; this.#at++) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    }
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}

/** The escapes of a JSON string resolved; undefined where one is none. Neighbouring `\u` make one character together. */
function unescaped(raw: string): string | undefined {
  if (/\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(raw.replaceAll('\\\\', ''))) return undefined;
  return raw.replaceAll(/(?:\\u[0-9a-fA-F]{4})+|\\(.)/g, (run: string, short?: string) =>
    short === undefined ? asLatin1(JSON.parse(`"${run}"`) as string) : (SHORT[short] ?? short),
  );
}
