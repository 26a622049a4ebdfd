import { MAX_HEAD_BYTES } from './limits.ts';

const CR = 13;
const LF = 10;

/**
 * Finds the end of a head whose bytes arrive in pieces: no byte is looked at twice. It knows line ends only; what lies
 * between them is the parser's matter. It also stops where a line ends in a way that the parser refuses, so that the
 * client hears of it at once.
 */
export class HeadReader {
  /** Bytes of this head seen so far. */
  seen = 0;
  /** Bytes of the current line without its end. */
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
   * @returns the position behind the head, or where the parser will refuse it (a wrong line end, too long); -1 when more is
   *   needed
   */
  find(buffer: Buffer, from: number, end: number): number {
    const limit = Math.min(end, from + MAX_HEAD_BYTES - this.seen);
    for (let i = from; i < limit; i++) {
      const byte = buffer[i];
      if (byte === LF) {
        const over = !this.#afterCr || (this.#line === 0 && this.#begun);
        if (over) return this.#stop(from, i + 1);
        if (this.#line > 0) this.#begun = true;
        this.#line = 0;
        this.#afterCr = false;
      } else if (this.#afterCr) return this.#stop(from, i + 1);
      else if (byte === CR) this.#afterCr = true;
      else this.#line++;
    }
    this.seen += limit - from;
    return this.seen >= MAX_HEAD_BYTES ? limit : -1;
  }

  #stop(from: number, position: number): number {
    this.seen += position - from;
    return position;
  }
}
