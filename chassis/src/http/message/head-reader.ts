import { MAX_HEAD_BYTES } from './limits.ts';

const CR = 13;
const LF = 10;

/**
 * Finds the end of a head whose bytes arrive in pieces: no byte is looked at twice. It finds line ends only; whether they
 * and what lies between them are right is the parser's matter, which is why a bare LF ends a line here.
 */
export class HeadReader {
  /** Bytes of this head seen so far. */
  seen = 0;
  /** Bytes of the current line without its end; a lone CR counts as none. */
  #line = 0;
  #afterCr = false;
  /** A line that is not empty has been seen: the next empty one ends the head. */
  #begun = false;

  /** Nothing of a head has been seen. */
  begin(): void {
    this.seen = 0;
    this.#line = 0;
    this.#afterCr = false;
    this.#begun = false;
  }

  /**
   * Looks at `buffer[from, end)`, which follows what was seen before.
   * @returns the position behind the head, also where it got too long (the parser then says so); -1 when more is needed
   */
  find(buffer: Buffer, from: number, end: number): number {
    const limit = Math.min(end, from + MAX_HEAD_BYTES - this.seen);
    for (let i = from; i < limit; i++) {
      const byte = buffer[i];
      if (byte === LF) {
        if (this.#line === 0 && this.#begun) {
          this.seen += i + 1 - from;
          return i + 1;
        }
        if (this.#line > 0) this.#begun = true;
        this.#line = 0;
        this.#afterCr = false;
      } else if (byte === CR && !this.#afterCr) this.#afterCr = true;
      else {
        this.#line++;
        this.#afterCr = false;
      }
    }
    this.seen += limit - from;
    return this.seen >= MAX_HEAD_BYTES ? limit : -1;
  }
}
