import { BYTES, CR, LF, SPACE, shown, TAB, TOKEN, VALUE } from './bytes.ts';
import { MessageError } from './error.ts';
import {
  MAX_CHUNK_EXTENSION_BYTES,
  MAX_CHUNK_EXTENSIONS_BYTES,
  MAX_CHUNK_SIZE_DIGITS,
  MAX_TRAILER_BYTES,
} from './limits.ts';
import { mayTrail } from './trailers.ts';

const SIZE = 0;
const EXTENSION_NAME = 1;
const EXTENSION_VALUE = 2;
const QUOTED = 3;
const ESCAPED = 4;
const AFTER_QUOTED = 5;
const SIZE_LF = 6;
const DATA = 7;
const DATA_CR = 8;
const DATA_LF = 9;
const LINE_START = 10;
const NAME = 11;
const TRAILER = 12;
const TRAILER_LF = 13;
const LAST_LF = 14;

const SEMICOLON = 59;
const EQUALS = 61;
const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
/** Longer trailer names are not among those that are refused. */
const MAX_NAME = 40;

/** The value of a hexadecimal digit; 255 for other bytes. */
const HEX = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16);
  HEX[text.charCodeAt(0)] = HEX[text.toUpperCase().charCodeAt(0)] = digit;
}

/**
 * Reads the chunked coding (RFC 9112, 7.1) one byte after the other, data in one step. Stricter than the RFC in one thing:
 * no white space in a chunk's line, since nobody sends it and peers disagree about it.
 */
export class ChunkReader {
  /** The last chunk and the trailers have ended. */
  done = false;
  /** Bytes of data that ended the last `advance`. */
  data = 0;
  trailers = false;
  #state = SIZE;
  #size = 0;
  #digits = 0;
  /** Bytes of the part at hand: an extension's name or value, a trailer's name. */
  #length = 0;
  #extension = 0;
  #extensions = 0;
  #trailerBytes = 0;
  readonly #name = Buffer.alloc(MAX_NAME);
  readonly #status: 400 | 502;

  constructor(status: 400 | 502) {
    this.#status = status;
  }

  begin(): void {
    this.done = false;
    this.data = 0;
    this.trailers = false;
    this.#state = SIZE;
    this.#size = 0;
    this.#digits = 0;
    this.#extension = 0;
    this.#extensions = 0;
    this.#trailerBytes = 0;
  }

  /**
   * Goes on with `buffer[from, end)` up to the end of a piece of data, of the body or of the bytes.
   * @returns the position behind it; the `data` bytes before it are content
   * @throws MessageError
   */
  advance(buffer: Buffer, from: number, end: number): number {
    this.data = 0;
    for (let i = from; i < end; ) {
      if (this.#state === DATA) {
        this.data = Math.min(this.#size, end - i);
        this.#size -= this.data;
        if (this.#size === 0) this.#state = DATA_CR;
        return i + this.data;
      }
      this.#step(buffer[i] as number);
      i++;
      if (this.done) return i;
    }
    return end;
  }

  #step(byte: number): void {
    const state = this.#state;
    if (state >= LINE_START) this.#countTrailer();
    if (state === SIZE) this.#readSize(byte);
    else if (state < SIZE_LF) this.#readExtension(byte);
    else if (state >= LINE_START && state < TRAILER_LF) this.#readTrailer(byte);
    else if (state === DATA_CR) this.#expect(byte, CR, DATA_LF);
    else if (state === DATA_LF) this.#expect(byte, LF, SIZE);
    else if (state === TRAILER_LF) this.#expect(byte, LF, LINE_START);
    else if (state === LAST_LF) {
      this.#expect(byte, LF, SIZE);
      this.done = true;
    } else this.#endLine(byte);
  }

  #readSize(byte: number): void {
    const digit = HEX[byte] as number;
    if (digit < 16) {
      this.#size = this.#size * 16 + digit;
      if (++this.#digits > MAX_CHUNK_SIZE_DIGITS || this.#size > Number.MAX_SAFE_INTEGER) {
        throw this.#bad('BadChunk', 'the size of a chunk is 2^53 or more, or too long');
      }
    } else if (this.#digits === 0) throw this.#bad('BadChunk', `${shown(byte)} where a chunk's size should be`);
    else this.#afterPart(byte);
  }

  /** The line goes on with an extension or ends. */
  #afterPart(byte: number): void {
    this.#length = 0;
    if (byte === CR) this.#state = SIZE_LF;
    else if (byte === SEMICOLON) {
      this.#countExtension();
      this.#state = EXTENSION_NAME;
    } else throw this.#bad('BadChunk', `${shown(byte)} in the line of a chunk`);
  }

  #endLine(byte: number): void {
    this.#expect(byte, LF, this.#size === 0 ? LINE_START : DATA);
    this.#digits = 0;
    this.#extension = 0;
  }

  /** `;name`, `;name=token`, `;name="text"`. */
  #readExtension(byte: number): void {
    const state = this.#state;
    const token = ((BYTES[byte] as number) & TOKEN) !== 0;
    if (state === QUOTED || state === ESCAPED) {
      if (((BYTES[byte] as number) & VALUE) === 0) throw this.#bad('BadChunk', `${shown(byte)} in a chunk's extension`);
      if (state === ESCAPED) this.#state = QUOTED;
      else if (byte === QUOTE) this.#state = AFTER_QUOTED;
      else if (byte === BACKSLASH) this.#state = ESCAPED;
    } else if (token && state !== AFTER_QUOTED) this.#length++;
    else if (state === EXTENSION_VALUE && byte === QUOTE && this.#length === 0) this.#state = QUOTED;
    else if (this.#length === 0 && state !== AFTER_QUOTED) {
      throw this.#bad('BadChunk', `${shown(byte)} where a chunk's extension should be`);
    } else if (byte === EQUALS && state === EXTENSION_NAME) {
      this.#state = EXTENSION_VALUE;
      this.#length = 0;
    } else {
      this.#afterPart(byte);
      return;
    }
    this.#countExtension();
  }

  #countExtension(): void {
    this.#extensions++;
    if (++this.#extension > MAX_CHUNK_EXTENSION_BYTES || this.#extensions > MAX_CHUNK_EXTENSIONS_BYTES) {
      throw this.#bad('ChunkExtensionTooLong', 'the extensions of the chunks are too long');
    }
  }

  #readTrailer(byte: number): void {
    const bits = BYTES[byte] as number;
    if (this.#state === TRAILER) {
      if (byte === CR) this.#state = TRAILER_LF;
      else if ((bits & VALUE) === 0) throw this.#bad('BadTrailer', `${shown(byte)} in a trailer field`);
    } else if (byte === CR && this.#state === LINE_START) this.#state = LAST_LF;
    else if ((bits & TOKEN) !== 0) {
      if (this.#state === LINE_START) this.#length = 0;
      this.#state = NAME;
      if (this.#length < MAX_NAME) this.#name[this.#length] = byte;
      this.#length++;
    } else if (byte === COLON && this.#state === NAME) this.#endName();
    else if (byte === SPACE || byte === TAB)
      throw this.#bad('BadTrailer', 'white space at the name of a trailer field');
    else throw this.#bad('BadTrailer', `${shown(byte)} in the name of a trailer field`);
  }

  #countTrailer(): void {
    if (++this.#trailerBytes <= MAX_TRAILER_BYTES) return;
    const status = this.#status === 400 ? 431 : 502;
    throw new MessageError(status, 'TrailersTooLong', `more than ${MAX_TRAILER_BYTES} bytes of trailer fields`);
  }

  #endName(): void {
    this.#state = TRAILER;
    this.trailers = true;
    if (this.#length > MAX_NAME || mayTrail(this.#name.toString('latin1', 0, this.#length).toLowerCase())) return;
    const name = this.#name.toString('latin1', 0, this.#length);
    throw this.#bad('ForbiddenTrailer', `the field ${name} after the body`);
  }

  #expect(byte: number, wanted: number, next: number): void {
    if (byte !== wanted) throw this.#bad('BadChunk', `${shown(byte)} where ${shown(wanted)} should be`);
    this.#state = next;
  }

  #bad(code: string, message: string): MessageError {
    return new MessageError(this.#status, code, message);
  }
}
