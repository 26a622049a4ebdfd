/**
 * RESP read the slow and obvious way, from its specification: one whole text (latin1, a character a byte), no state that
 * survives a call, recursion for what is nested. What the scanners of the proxy find must be what these find.
 */

/** What a whole text consists of: frames, and why it ends: `more` when the last frame is not complete, or what is wrong. */
export interface Reading<Frame> {
  readonly frames: readonly Frame[];
  readonly end: 'more' | 'wrong';
}

/** A request: the arguments of an array, or an inline line with its end. */
export type Request = readonly string[] | string;

class Wrong extends Error {}
class More extends Error {}

/** Reads from the front; complains by throwing. */
class Text {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get left(): boolean {
    return this.at < this.text.length;
  }

  char(): string {
    if (!this.left) throw new More();
    return this.text[this.at++] as string;
  }

  exactly(wanted: string): void {
    for (const one of wanted) if (this.char() !== one) throw new Wrong();
  }

  /** Characters until one of `stop`, which is left. */
  until(stop: string, atMost = Number.POSITIVE_INFINITY): string {
    let found = '';
    for (;;) {
      const one = this.char();
      if (stop.includes(one)) {
        this.at--;
        return found;
      }
      found += one;
      if (found.length > atMost) throw new Wrong();
    }
  }

  take(length: number): string {
    if (this.at + length > this.text.length) throw new More();
    this.at += length;
    return this.text.slice(this.at - length, this.at);
  }
}

function readAll<Frame>(text: string, read: (source: Text) => Frame | undefined): Reading<Frame> {
  const source = new Text(text);
  const frames: Frame[] = [];
  try {
    for (;;) {
      const frame = read(source);
      if (frame !== undefined) frames.push(frame);
    }
  } catch (error) {
    if (error instanceof Wrong) return { frames, end: 'wrong' };
    if (error instanceof More) return { frames, end: 'more' };
    throw error;
  }
}

/** Requests as Redis takes them: arrays of bulks and inline lines; arrays without arguments ask for nothing. */
export function readRequests(text: string): Reading<Request> {
  return readAll(text, readRequest);
}

function readRequest(source: Text): Request | undefined {
  if (source.char() !== '*') {
    source.at--;
    const line = source.until('\n', 64 * 1024);
    return line + source.take(1);
  }
  const count = countOf(source, '-', 1024 * 1024);
  if (count <= 0) return undefined;
  return Array.from({ length: count }, () => {
    source.exactly('$');
    const content = source.take(countOf(source, '', 512 * 1024 * 1024));
    // The line end is judged when both of its bytes are there.
    if (source.take(2) !== '\r\n') throw new Wrong();
    return content;
  });
}

/** A number without leading zeros, `sign` before it where it may be, and a line end; of at most 32 characters. */
function countOf(source: Text, sign: string, atMost: number): number {
  let text = '';
  for (let one = source.char(); one !== '\r'; one = source.char()) {
    text += one;
    const digits = text.startsWith(sign) ? text.slice(sign.length) : text;
    if (!/^\d*$/.test(digits) || text.length > 32) throw new Wrong();
  }
  source.exactly('\n');
  if (!/^-?(0|[1-9]\d*)$/.test(text) || Number(text) > atMost) throw new Wrong();
  return Number(text);
}

/** A reply: its bytes and the type of its value, attributes before it aside. */
export interface Reply {
  readonly bytes: string;
  readonly type: string;
}

/** Replies and pushes, RESP2 and RESP3, without streamed types. */
export function readReplies(text: string): Reading<Reply> {
  return readAll(text, (source) => {
    const from = source.at;
    const type = readValue(source);
    return { bytes: source.text.slice(from, source.at), type };
  });
}

/** Skips one value with what is before and in it. @returns its type */
function readValue(source: Text): string {
  const type = source.char();
  if ('+-:_,#('.includes(type)) {
    const line = source.until('\n');
    if (!line.endsWith('\r')) throw new Wrong();
    source.exactly('\n');
    return type;
  }
  if (!'$!=*~>%|'.includes(type)) throw new Wrong();
  const length = lengthOf(source, '$*'.includes(type));
  if ('$!='.includes(type)) {
    if (length === -1) return type;
    source.take(length);
    source.exactly('\r\n');
    return type;
  }
  const children = '%|'.includes(type) ? 2 * length : length;
  for (let i = 0; i < children; i++) readValue(source);
  return type === '|' ? readValue(source) : type;
}

function lengthOf(source: Text, nullable: boolean): number {
  let text = '';
  for (let one = source.char(); one !== '\r'; one = source.char()) {
    text += one;
    if (!/^-?\d{0,10}$/.test(text)) throw new Wrong();
  }
  if (!/\d$/.test(text)) throw new Wrong();
  source.exactly('\n');
  if (text.startsWith('-') && !(nullable && Number(text) === -1)) throw new Wrong();
  return Number(text);
}
