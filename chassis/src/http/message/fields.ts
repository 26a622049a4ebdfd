import { kindOfName, OTHER } from './field-kinds.ts';
import { type Framing, NONE } from './framing.ts';

const NOTHING = Buffer.alloc(0);
const FIRST_SIZE = 32;

/**
 * The field lines of a head, as ranges of the buffer that it was read from; valid as long as those bytes stay. Made once
 * and used for message after message.
 */
export class Fields {
  buffer: Buffer = NOTHING;
  /** Where the start line begins: empty lines before it are left out. */
  start = 0;
  /** Past the head's empty line. */
  end = 0;
  /** Where the first field line begins. */
  fieldsStart = 0;
  /** How many field lines there are. Line `i` ends where line `i + 1` begins, the last one two bytes before `end`. */
  count = 0;
  nameStart = new Int32Array(FIRST_SIZE);
  nameEnd = new Int32Array(FIRST_SIZE);
  /** Without white space around the value. */
  valueStart = new Int32Array(FIRST_SIZE);
  valueEnd = new Int32Array(FIRST_SIZE);
  /** Which known field a line is (`field-kinds.ts`), 0 for any other. */
  kinds = new Uint8Array(FIRST_SIZE);
  /** 1: the line is not passed on, being meant for this connection only (RFC 9110, 7.6.1). */
  dropped = new Uint8Array(FIRST_SIZE);
  /** The kinds there are: bit `1 << kind`. */
  seen = 0;
  /** Whether any line is dropped. */
  anyDropped = false;
  /** 0: HTTP/1.0; 1: HTTP/1.1 (or a later 1.x, which is taken as 1.1). */
  minor: 0 | 1 = 1;
  framing: Framing = NONE;
  /** Bytes of the body when `framing` is LENGTH, else as announced (HEAD, 304), or -1. */
  contentLength = -1;
  /** Whether the connection can carry another message after this one. */
  keepAlive = true;
  /** The start line can be passed on as it is. */
  lineIntact = true;
  /** The `Content-Length` line can be passed on as it is (it has no leading zeros). */
  lengthIntact = true;

  /** The value of the first field of this name, undefined where there is none. */
  header(lowercaseName: string): string | undefined {
    const index = this.find(lowercaseName, 0);
    return index === -1 ? undefined : this.value(index);
  }

  /** The values of all fields of this name, in their order. */
  headers(lowercaseName: string): string[] {
    const values: string[] = [];
    for (let i = this.find(lowercaseName, 0); i !== -1; i = this.find(lowercaseName, i + 1)) values.push(this.value(i));
    return values;
  }

  /** The value of line `index`, latin1. */
  value(index: number): string {
    return this.buffer.toString('latin1', this.valueStart[index] as number, this.valueEnd[index] as number);
  }

  /** The name of line `index` as it was sent. */
  name(index: number): string {
    return this.buffer.toString('latin1', this.nameStart[index] as number, this.nameEnd[index] as number);
  }

  /** The first line from `from` on that has this name, -1 where there is none. */
  find(lowercaseName: string, from: number): number {
    const kind = kindOfName(lowercaseName);
    if (kind !== OTHER && (this.seen & (1 << kind)) === 0) return -1;
    const length = lowercaseName.length;
    for (let i = from; i < this.count; i++) {
      if ((this.nameEnd[i] as number) - (this.nameStart[i] as number) !== length) continue;
      if (this.kinds[i] === kind && this.isNamed(i, lowercaseName)) return i;
    }
    return -1;
  }

  /** Whether line `index`, whose name is as long as this one, has it. */
  isNamed(index: number, lowercaseName: string): boolean {
    const at = this.nameStart[index] as number;
    for (let i = 0; i < lowercaseName.length; i++) {
      let byte = this.buffer[at + i] as number;
      if (byte >= 65 && byte <= 90) byte |= 0x20;
      if (byte !== lowercaseName.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Whether a field of this kind is there. */
  has(kind: number): boolean {
    return (this.seen & (1 << kind)) !== 0;
  }

  /** Where line `index` ends, past its CRLF. */
  lineEnd(index: number): number {
    return index + 1 < this.count ? (this.nameStart[index + 1] as number) : this.end - 2;
  }

  /** Nothing is known yet of the message at `start`. */
  protected clear(buffer: Buffer, start: number): void {
    this.buffer = buffer;
    this.start = start;
    this.end = start;
    this.fieldsStart = start;
    this.count = 0;
    this.seen = 0;
    this.anyDropped = false;
    this.minor = 1;
    this.framing = NONE;
    this.contentLength = -1;
    this.keepAlive = true;
    this.lineIntact = true;
    this.lengthIntact = true;
  }

  /** Line `index` is not passed on. */
  drop(index: number): void {
    this.dropped[index] = 1;
    this.anyDropped = true;
  }

  /** Makes room for more field lines. */
  grow(): void {
    const size = this.nameStart.length * 2;
    this.nameStart = larger(this.nameStart, size);
    this.nameEnd = larger(this.nameEnd, size);
    this.valueStart = larger(this.valueStart, size);
    this.valueEnd = larger(this.valueEnd, size);
    const { kinds } = this;
    this.kinds = new Uint8Array(size);
    this.kinds.set(kinds);
    const { dropped } = this;
    this.dropped = new Uint8Array(size);
    this.dropped.set(dropped);
  }
}

function larger(old: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const array = new Int32Array(size);
  array.set(old);
  return array;
}
