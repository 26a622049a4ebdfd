import {
  BodyFramer,
  type Fields,
  HeadReader,
  type HeadSink,
  MessageError,
  Peer,
  parseRequestHead,
  parseResponseHead,
  RequestHead,
  RequestHeadWriter,
  ResponseHead,
  ResponseHeadWriter,
} from '@motif/chassis/http/message/index';
import type { Message, Understood } from './understood.ts';

/** The peer that all requests come from, which is not trusted. */
export const stranger = new Peer('192.0.2.1', 'http', false);

const requestWriter = new RequestHeadWriter();
const responseWriter = new ResponseHeadWriter();

/** One of each for all readings: also shows that nothing is left over from one message to the next. */
const requestHead = new RequestHead();
const responseHead = new ResponseHead();

class Sink implements HeadSink {
  written = '';
  append(source: Buffer, start: number, end: number): void {
    this.written += source.toString('latin1', start, end);
  }
  text(text: string): void {
    this.written += text;
  }
}

/** Which side of the proxy reads; a response is read with the method of its request. */
export type Side = { readonly kind: 'requests' } | { readonly kind: 'responses'; readonly method: string };

/** Reads a connection as the core does: heads at once where they arrive whole, else by the head reader; then bodies. */
export class Reading {
  readonly #side: Side;
  readonly #brief: boolean;
  readonly #messages: Message[] = [];
  readonly #request = requestHead;
  readonly #response = responseHead;
  readonly #reader = new HeadReader();
  readonly #body: BodyFramer;
  #head: Buffer = Buffer.alloc(0);
  #stopped = false;
  #open = false;

  /** @param brief without the fields of the messages */
  constructor(side: Side, brief: boolean) {
    this.#side = side;
    this.#brief = brief;
    this.#body = new BodyFramer(side.kind === 'requests' ? 400 : 502);
    this.#body.sink = (buffer, start, end) => {
      (this.#messages.at(-1) as Message).body += buffer.toString('latin1', start, end);
    };
  }

  /** Takes the next bytes. @throws MessageError */
  take(piece: Buffer): void {
    let from = 0;
    while (from < piece.length && !this.#stopped) {
      from = this.#open ? this.#takeBody(piece, from) : this.#takeHead(piece, from);
    }
  }

  /** @param ends the connection ends here */
  result(ends: boolean, why: string): Understood {
    const messages = this.#messages;
    if (why !== '') return { messages, end: 'refused', why };
    if (this.#stopped) return { messages, end: 'stopped', why: '' };
    if (ends && this.#open && this.#body.mayEnd) this.#finish();
    return { messages, end: this.#open || this.#head.length > 0 ? 'more' : 'all', why: '' };
  }

  #takeHead(piece: Buffer, from: number): number {
    const before = this.#head.length;
    const whole = before === 0;
    // The parser sees other bytes around the head, as in the core.
    const bytes = whole ? piece : Buffer.concat([this.#head, piece.subarray(from)]);
    const start = whole ? from : 0;
    if (whole) {
      this.#reader.begin();
      if (this.#parse(bytes, start, bytes.length)) return this.#begin();
    }
    const found = this.#reader.find(bytes, whole ? from : before, bytes.length);
    if (found !== -1 && this.#parse(bytes, start, found)) return this.#begin() - (whole ? 0 : before - from);
    if (found !== -1) throw new Error('the head reader found an end that the parser did not');
    this.#head = Buffer.from(bytes.subarray(start));
    return piece.length;
  }

  #parse(bytes: Buffer, start: number, end: number): boolean {
    if (this.#side.kind === 'requests') return parseRequestHead(bytes, start, end, this.#request);
    return parseResponseHead(bytes, start, end, this.#side.method, this.#response, false);
  }

  /** The head is there: passes it on. @returns where it ends */
  #begin(): number {
    this.#head = Buffer.alloc(0);
    const requests = this.#side.kind === 'requests';
    const head: Fields = requests ? this.#request : this.#response;
    this.#messages.push({
      start: requests ? this.#request.method : String(this.#response.status),
      target: requests ? this.#request.target() : '',
      fields: this.#brief ? [] : fieldsOf(head),
      body: '',
      whole: false,
      traits: `${head.seen} ${head.framing} ${head.minor} ${head.keepAlive} ${head.count} ${head.anyDropped} ${head.lineIntact}`,
      forwarded: this.#write(),
    });
    this.#body.begin(head.framing, head.contentLength);
    this.#open = true;
    if (this.#body.done) this.#finish();
    return head.end;
  }

  #write(): string {
    const sink = new Sink();
    if (this.#side.kind === 'requests') {
      requestWriter.write(sink, this.#request, stranger, { omit: 0, extra: '', close: false });
    } else {
      const { framing, keepAlive } = this.#response;
      responseWriter.write(sink, this.#response, { minor: 1, keepAlive, framing, omit: 0, extra: '' });
    }
    return sink.written;
  }

  #takeBody(piece: Buffer, from: number): number {
    const to = this.#body.advance(piece, from, piece.length);
    (this.#messages.at(-1) as Message).forwarded += piece.toString('latin1', from, to);
    if (this.#body.done) this.#finish();
    return to;
  }

  #finish(): void {
    (this.#messages.at(-1) as Message).whole = true;
    this.#open = false;
    const requests = this.#side.kind === 'requests';
    const head: Fields = requests ? this.#request : this.#response;
    const interim = !requests && this.#response.interim;
    this.#stopped = (!head.keepAlive && !interim) || (requests && this.#request.upgrade !== undefined);
  }
}

/**
 * What this proxy makes of the bytes of a connection.
 * @param cuts where they are cut into pieces: then without the fields of the messages
 */
export function ours(bytes: Buffer, side: Side, cuts: readonly number[] = []): Understood {
  const reading = new Reading(side, cuts.length > 0);
  let why = '';
  try {
    let from = 0;
    for (const to of [...cuts, bytes.length]) {
      if (to <= from) continue;
      reading.take(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
      from = to;
    }
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    why = `${error.status} ${error.code}`;
  }
  return reading.result(side.kind === 'responses', why);
}

function fieldsOf(head: Fields): [string, string][] {
  return Array.from({ length: head.count }, (_, i) => [head.name(i).toLowerCase(), head.value(i)]);
}
