import { ProtocolError } from './protocol-error.ts';

const CR = 13;
const LF = 10;

/** Where the framer stopped inside an element. */
const HEAD = 0;
const LINE = 1;
const LENGTH = 2;
const BODY = 3;
const BODY_CR = 4;
const BODY_LF = 5;

/** An error at the top level. */
export const TYPE_ERROR = 45;
/** A push frame (`>`): answers nothing. */
export const TYPE_PUSH = 62;

/**
 * Finds the ends of replies, RESP2 and RESP3, without reading or copying their content, and resumes at any byte. Nesting
 * needs no stack: an element takes one from the number of elements still due, an aggregate adds its children (`%` twice its
 * number), and an attribute (`|`) adds twice its number without taking one, since the value it belongs to still follows.
 * Streamed types (`$?`, `*?`) are refused: nothing that Redis sends uses them.
 */
export class ReplyFramer {
  /** After `next` returned true: where the frame ends. */
  end = 0;
  /** The frame's type: the first byte of its value, attributes before it aside; 0 before it is known. */
  type = 0;
  /** How many bytes the element that is being read still announces (0 outside of a bulk). */
  due = 0;
  #missing = 1;
  #state = HEAD;
  #head = 0;
  #value = 0;
  #negative = false;
  #digits = 0;
  #last = 0;

  /** Whether nothing of the next frame has been seen. */
  get fresh(): boolean {
    return this.#missing === 1 && this.#state === HEAD && this.type === 0;
  }

  /**
   * Reads `buffer[start, end)`, of which the caller consumes up to `this.end` when the answer is true (a frame is complete),
   * else all. After true the next call begins a new frame.
   * @throws ProtocolError when the bytes are not RESP
   */
  next(buffer: Buffer, start: number, end: number): boolean {
    let i = start;
    while (i < end) {
      if (this.#state === HEAD) {
        i = this.#headByte(buffer, i);
        if (i >= end) break;
      }
      i = this.#advance(buffer, i, end);
      if (this.#state === HEAD && this.#missing === 0) return this.#complete(i);
    }
    return false;
  }

  /** The type of the frame just completed; reading it prepares for the next one. */
  take(): number {
    const type = this.type;
    this.type = 0;
    return type;
  }

  #complete(at: number): boolean {
    this.end = at;
    this.#missing = 1;
    return true;
  }

  #headByte(buffer: Buffer, at: number): number {
    const head = buffer[at] as number;
    this.#head = head;
    if (this.#missing === 1 && this.type === 0 && head !== 124) this.type = head;
    this.#state = stateOf(head);
    this.#value = 0;
    this.#digits = 0;
    this.#negative = false;
    this.#last = 0;
    return at + 1;
  }

  #advance(buffer: Buffer, from: number, end: number): number {
    switch (this.#state) {
      case LINE:
        return this.#line(buffer, from, end);
      case LENGTH:
        return this.#length(buffer, from, end);
      default:
        return this.#body(buffer, from, end);
    }
  }

  /** A simple value: all up to CRLF. */
  #line(buffer: Buffer, from: number, end: number): number {
    let last = this.#last;
    for (let i = from; i < end; i++) {
      const byte = buffer[i] as number;
      if (byte === LF) {
        if (last !== CR) throw new ProtocolError('a line of a reply ends without CR');
        this.#missing--;
        this.#state = HEAD;
        return i + 1;
      }
      last = byte;
    }
    this.#last = last;
    return end;
  }

  /** The number behind `$ = ! * ~ % > |`. */
  #length(buffer: Buffer, from: number, end: number): number {
    let value = this.#value;
    let digits = this.#digits;
    for (let i = from; i < end; i++) {
      const byte = buffer[i] as number;
      if (byte >= 48 && byte <= 57 && this.#last === 0) {
        value = value * 10 + byte - 48;
        digits++;
        if (digits > 10) throw new ProtocolError('a length in a reply has too many digits');
      } else if (byte === CR && digits > 0 && this.#last === 0) this.#last = CR;
      else if (byte === LF && this.#last === CR) {
        this.#value = value;
        this.#sized();
        return i + 1;
      } else if (byte === 45 && digits === 0 && !this.#negative) this.#negative = true;
      else throw new ProtocolError(`a length in a reply holds the byte 0x${byte.toString(16)}`);
    }
    this.#value = value;
    this.#digits = digits;
    return end;
  }

  #sized(): void {
    const value = this.#value;
    const head = this.#head;
    if (this.#negative && (value !== 1 || (head !== 36 && head !== 42)))
      throw new ProtocolError('a negative length in a reply');
    this.#state = HEAD;
    if (head === 36 || head === 61 || head === 33) {
      if (this.#negative) this.#missing--;
      else {
        this.due = value;
        this.#state = BODY;
      }
    } else if (head === 124) this.#missing += 2 * value;
    else this.#missing += (this.#negative ? 0 : head === 37 ? 2 * value : value) - 1;
  }

  #body(buffer: Buffer, from: number, end: number): number {
    let i = from;
    if (this.#state === BODY) {
      const available = end - i;
      if (this.due > available) {
        this.due -= available;
        return end;
      }
      i += this.due;
      this.due = 0;
      this.#state = BODY_CR;
    }
    if (this.#state === BODY_CR && i < end) {
      if (buffer[i++] !== CR) throw new ProtocolError('a bulk in a reply is longer than announced');
      this.#state = BODY_LF;
    }
    if (this.#state === BODY_LF && i < end) {
      if (buffer[i++] !== LF) throw new ProtocolError('a bulk in a reply is longer than announced');
      this.#missing--;
      this.#state = HEAD;
    }
    return i;
  }
}

/** What follows a type byte: a line, or a number and then content. */
function stateOf(head: number): number {
  switch (head) {
    case 43: // + simple string
    case 45: // - error
    case 58: // : integer
    case 95: // _ null
    case 44: // , double
    case 35: // # boolean
    case 40: // ( big number
      return LINE;
    case 36: // $ bulk
    case 33: // ! bulk error
    case 61: // = verbatim
    case 42: // * array
    case 126: // ~ set
    case 37: // % map
    case 62: // > push
    case 124: // | attribute
      return LENGTH;
    default:
      throw new ProtocolError(`a reply begins with the byte 0x${head.toString(16)}`);
  }
}
