import { MAX_BULK_BYTES, MAX_HEADER_BYTES } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';

const CR = 13;
const LF = 10;

/**
 * Finds the end of a request whose bytes are passed on as they come: it counts arguments and skips their content, and keeps
 * nothing. It goes on where a `RequestScanner` stopped, even in the middle of an argument.
 */
export class BodyScanner {
  #missing: number;
  /** Bytes to skip, the CRLF behind an argument included. */
  #skip: number;
  #header = '';

  /**
   * @param missing arguments that are not complete
   * @param skip bytes still to come of the argument at hand with its CRLF, 0 before its header
   */
  constructor(missing: number, skip: number) {
    this.#missing = missing;
    this.#skip = skip;
  }

  get done(): boolean {
    return this.#missing === 0;
  }

  /**
   * How many bytes of `buffer[start, end)` belong to the request.
   * @throws ProtocolError
   */
  take(buffer: Buffer, start: number, end: number): number {
    let i = start;
    while (i < end && this.#missing > 0) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, end - i);
        this.#ends(buffer, i, skipped);
        this.#skip -= skipped;
        i += skipped;
        if (this.#skip === 0) this.#missing--;
      } else i = this.#headerByte(buffer[i] as number, i);
    }
    return i - start;
  }

  /** The last two bytes of what is skipped are CR and LF. */
  #ends(buffer: Buffer, at: number, count: number): void {
    const cr = this.#skip - 2;
    const wrong =
      (cr >= 0 && cr < count && buffer[at + cr] !== CR) ||
      (cr + 1 < count && cr + 1 >= 0 && buffer[at + cr + 1] !== LF);
    if (wrong) throw new ProtocolError('Protocol error: expected CRLF after a bulk');
  }

  #headerByte(byte: number, at: number): number {
    this.#header += String.fromCharCode(byte);
    if (byte === LF) {
      const length = /^\$(0|[1-9][0-9]{0,9})\r\n$/.exec(this.#header)?.[1];
      if (length === undefined || Number(length) > MAX_BULK_BYTES)
        throw new ProtocolError('Protocol error: invalid bulk length');
      this.#header = '';
      this.#skip = Number(length) + 2;
    } else if (this.#header.length > MAX_HEADER_BYTES) throw new ProtocolError('Protocol error: invalid bulk length');
    return at + 1;
  }
}
