import {
  MAX_ARGUMENTS,
  MAX_ARGUMENTS_UNAUTHENTICATED,
  MAX_BULK_BYTES,
  MAX_BULK_BYTES_UNAUTHENTICATED,
  MAX_HEADER_BYTES,
  MAX_INLINE_BYTES,
} from './limits.ts';
import { ProtocolError } from './protocol-error.ts';

/** The bytes end before the frame does. */
export const MORE = 0;
/** A whole RESP array: its arguments are in `starts` and `ends`. */
export const FRAME = 1;
/** A whole inline line, without arguments yet: `[start, position)` includes its line end. */
export const INLINE = 2;

const CR = 13;
const LF = 10;
const NOTHING = Buffer.alloc(0);

/**
 * Finds the end of each request and where its arguments lie, without copying and, however the bytes arrive, without reading
 * a byte of an argument at all. It can stop anywhere and go on when more bytes are there; only an unfinished header line
 * (at most 32 bytes) is read again, or an unfinished inline line searched on from where the search ended.
 */
export class RequestScanner {
  buffer: Buffer = NOTHING;
  /** Where the frame begins; everything before it is done with. */
  start = 0;
  /** Where scanning goes on. After `FRAME` and `INLINE`: the frame's end. */
  position = 0;
  /** Arguments found so far. */
  count = 0;
  starts = new Int32Array(16);
  ends = new Int32Array(16);
  /** Arguments still to come; -1 between frames. */
  missing = -1;
  /** Length of the argument whose header has been read, -1 before its header. */
  bulk = -1;
  /** False until the client has authenticated where it must: Redis's smaller limits apply. */
  trusted = true;
  #searched = 0;

  /** Begins with `buffer` at `start`: nothing of a frame has been seen. */
  begin(buffer: Buffer, start: number): void {
    this.buffer = buffer;
    this.start = start;
    this.position = start;
    this.count = 0;
    this.missing = -1;
    this.bulk = -1;
    this.#searched = 0;
  }

  /** The frame's bytes seen so far have moved: they now begin at `start` of `buffer`. */
  move(buffer: Buffer, start: number): void {
    const by = start - this.start;
    this.buffer = buffer;
    if (by === 0) return;
    this.start = start;
    this.position += by;
    for (let i = 0; i < this.count; i++) {
      this.starts[i] = (this.starts[i] as number) + by;
      this.ends[i] = (this.ends[i] as number) + by;
    }
    this.#searched += by;
  }

  /** How long the frame is at least, by what it has announced so far. */
  get announced(): number {
    return this.position - this.start + (this.bulk === -1 ? 0 : this.bulk + 2);
  }

  /**
   * Scans up to `end`. After `FRAME` or `INLINE` the next call begins the frame that follows.
   * @throws ProtocolError with Redis's text
   */
  next(end: number): number {
    if (this.missing <= 0) {
      if (this.missing === 0) this.begin(this.buffer, this.position);
      const begun = this.#header(end);
      if (begun !== FRAME) return begun;
    }
    const buffer = this.buffer;
    let position = this.position;
    while (this.missing > 0) {
      let bulk = this.bulk;
      if (bulk === -1) {
        bulk = this.#bulkHeader(position, end);
        if (bulk === -1) return MORE;
        position = this.position;
      }
      const last = position + bulk;
      if (last + 2 > end) return MORE;
      if (buffer[last] !== CR || buffer[last + 1] !== LF)
        throw new ProtocolError('Protocol error: expected CRLF after a bulk');
      const count = this.count;
      if (count === this.starts.length) this.#grow();
      this.starts[count] = position;
      this.ends[count] = last;
      this.count = count + 1;
      this.missing--;
      this.bulk = -1;
      position = last + 2;
      this.position = position;
    }
    return FRAME;
  }

  /** Reads `*<count>` (empty and null arrays are skipped, as in Redis) or finds an inline line. */
  #header(end: number): number {
    for (;;) {
      const position = this.position;
      if (position >= end) return MORE;
      if (this.buffer[position] !== 42) return this.#inline(end);
      const length = headerLine(this.buffer, position + 1, end, 'Protocol error: invalid multibulk length', true);
      if (length === 0) return MORE;
      const limit = this.trusted ? MAX_ARGUMENTS : MAX_ARGUMENTS_UNAUTHENTICATED;
      if (lineValue > limit) {
        const kind = lineValue > MAX_ARGUMENTS ? 'invalid' : 'unauthenticated';
        throw new ProtocolError(`Protocol error: ${kind} multibulk length`);
      }
      this.position = position + 1 + length;
      if (lineValue > 0) {
        this.missing = lineValue;
        return FRAME;
      }
      this.start = this.position;
    }
  }

  #bulkHeader(position: number, end: number): number {
    if (position >= end) return -1;
    if (this.buffer[position] !== 36) {
      const found = String.fromCharCode(this.buffer[position] as number);
      throw new ProtocolError(`Protocol error: expected '$', got '${/[ -~]/.test(found) ? found : '?'}'`);
    }
    const length = headerLine(this.buffer, position + 1, end, 'Protocol error: invalid bulk length', false);
    if (length === 0) return -1;
    if (lineValue > MAX_BULK_BYTES) throw new ProtocolError('Protocol error: invalid bulk length');
    if (!this.trusted && lineValue > MAX_BULK_BYTES_UNAUTHENTICATED) {
      throw new ProtocolError('Protocol error: unauthenticated bulk length');
    }
    this.bulk = lineValue;
    this.position = position + 1 + length;
    return lineValue;
  }

  #inline(end: number): number {
    const from = Math.max(this.#searched, this.position);
    for (let i = from; i < end; i++) {
      if (this.buffer[i] !== LF) continue;
      if (i - this.start > MAX_INLINE_BYTES) break;
      this.start = this.position;
      this.position = i + 1;
      this.missing = 0;
      return INLINE;
    }
    this.#searched = end;
    if (end - this.start > MAX_INLINE_BYTES) throw new ProtocolError('Protocol error: too big inline request');
    return MORE;
  }

  #grow(): void {
    const size = this.starts.length * 2;
    const { starts, ends } = this;
    this.starts = new Int32Array(size);
    this.ends = new Int32Array(size);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}

/** The number that `headerLine` read: a second result without an allocation. */
let lineValue = 0;

/**
 * Reads a whole number and CRLF at `position`; the number goes to `lineValue`. As strict as Redis: no sign but a minus where
 * `negative` allows it, no leading zero.
 * @returns how many bytes it took, 0 when the line is not complete yet
 */
function headerLine(buffer: Buffer, position: number, end: number, complaint: string, negative: boolean): number {
  let i = position;
  let value = 0;
  if (negative && i < end && buffer[i] === 45) i++;
  const first = i;
  for (; i < end; i++) {
    const digit = (buffer[i] as number) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (i - position > MAX_HEADER_BYTES) throw new ProtocolError(complaint);
  if (i + 1 >= end) {
    if (i < end && buffer[i] !== CR) throw new ProtocolError(complaint);
    return 0;
  }
  const zero = buffer[first] === 48;
  const wrong = i === first || (zero && (i - first > 1 || first > position));
  if (wrong || buffer[i] !== CR || buffer[i + 1] !== LF) throw new ProtocolError(complaint);
  lineValue = first === position ? value : -value;
  return i + 2 - position;
}
