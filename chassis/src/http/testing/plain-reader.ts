/** A message as tests see it; names of fields in lower case, the last of duplicates. */
export interface PlainMessage {
  /** The request or status line. */
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The content without its chunks, a character a byte. */
  readonly body: string;
}

/** What a body's end is known by. */
type Ends = 'length' | 'chunks' | 'close';

interface Head {
  readonly line: string;
  readonly headers: Record<string, string>;
  readonly ends: Ends;
  readonly length: number;
}

/**
 * Reads HTTP/1.1 messages off text, for tests: slow, plain, written apart from the proxy's own parser and trusting whom it reads.
 * Text has a character for each byte (latin1).
 */
export class PlainReader {
  /** Statuses of answers decide whether they have a body. */
  readonly #answers: boolean;
  #text = '';
  #head: Head | undefined;

  constructor(reads: 'requests' | 'answers') {
    this.#answers = reads === 'answers';
  }

  /** What is left over, or was not enough for a message. */
  get rest(): string {
    return this.#text;
  }

  /** Whether it is in the middle of a message. */
  get midway(): boolean {
    return this.#head !== undefined || this.#text !== '';
  }

  push(text: string): void {
    this.#text += text;
  }

  /**
   * The next message; undefined until it is whole.
   * @param ended the other side has closed: that ends a body without a length
   * @param noBody the answer is one to HEAD
   */
  next(ended = false, noBody = false): PlainMessage | undefined {
    this.#head ??= this.#takeHead(noBody);
    const head = this.#head;
    if (head === undefined) return undefined;
    const body = this.#takeBody(head, ended);
    if (body === undefined) return undefined;
    this.#head = undefined;
    return { line: head.line, headers: head.headers, body };
  }

  #takeHead(noBody: boolean): Head | undefined {
    const end = this.#text.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const [line = '', ...fields] = this.#text.slice(0, end).split('\r\n');
    this.#text = this.#text.slice(end + 4);
    const headers: Record<string, string> = {};
    for (const field of fields) {
      const colon = field.indexOf(':');
      headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
    }
    const status = this.#answers ? Number(line.split(' ')[1]) : 0;
    const empty = noBody || (this.#answers && (status < 200 || status === 204 || status === 304));
    if (empty) return { line, headers, ends: 'length', length: 0 };
    if (headers['transfer-encoding'] === 'chunked') return { line, headers, ends: 'chunks', length: 0 };
    const length = headers['content-length'];
    const toClose = this.#answers && length === undefined;
    return { line, headers, ends: toClose ? 'close' : 'length', length: Number(length ?? 0) };
  }

  #takeBody({ ends, length }: Head, ended: boolean): string | undefined {
    if (ends === 'chunks') return this.#takeChunks();
    if (ends === 'close' && !ended) return undefined;
    const size = ends === 'close' ? this.#text.length : length;
    if (this.#text.length < size) return undefined;
    const body = this.#text.slice(0, size);
    this.#text = this.#text.slice(size);
    return body;
  }

  #takeChunks(): string | undefined {
    let body = '';
    for (let at = 0; ; ) {
      const lineEnd = this.#text.indexOf('\r\n', at);
      if (lineEnd === -1) return undefined;
      const size = Number.parseInt(this.#text.slice(at, lineEnd), 16);
      if (size === 0) {
        const end = this.#text.indexOf('\r\n\r\n', lineEnd);
        if (end === -1) return undefined;
        this.#text = this.#text.slice(end + 4);
        return body;
      }
      if (this.#text.length < lineEnd + 4 + size) return undefined;
      body += this.#text.slice(lineEnd + 2, lineEnd + 2 + size);
      at = lineEnd + 4 + size;
    }
  }
}
