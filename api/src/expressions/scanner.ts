import { ExpressionError } from './error.ts';

/** Reads an expression from left to right. Spaces are skipped only where asked for; other white space is never allowed. */
export class Scanner {
  readonly text: string;
  #position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get position(): number {
    return this.#position;
  }

  get atEnd(): boolean {
    return this.#position === this.text.length;
  }

  /** Whether `symbol` stands here; it is not read. */
  sees(symbol: string): boolean {
    return this.text.startsWith(symbol, this.#position);
  }

  /** Reads `symbol` if it stands here. */
  takes(symbol: string): boolean {
    if (!this.sees(symbol)) return false;
    this.#position += symbol.length;
    return true;
  }

  /** Reads what `pattern` (sticky) matches here; undefined if it does not. */
  reads(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.#position += match.length;
    return match;
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.#position) === 0x20) this.#position++;
  }

  /** @throws ExpressionError unless `symbol` stands here */
  expect(symbol: string, allowed = JSON.stringify(symbol)): void {
    if (!this.takes(symbol)) throw this.error(allowed);
  }

  /** The error that what stands at `position` (here) is none of `allowed`. */
  error(allowed: string, position = this.#position): ExpressionError {
    return new ExpressionError(this.text, position, this.#foundAt(position), allowed);
  }

  #foundAt(position: number): string {
    if (position >= this.text.length) return 'the end';
    const word = /[\p{L}\p{N}_.~-]{1,40}/uy;
    word.lastIndex = position;
    return JSON.stringify(word.exec(this.text)?.[0] ?? String.fromCodePoint(this.text.codePointAt(position) ?? 0));
  }
}
