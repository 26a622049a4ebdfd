import { copyLines, dropKinds } from './copy-lines.ts';
import { CHUNKED, CLOSE, type Framing } from './framing.ts';
import type { ResponseHead } from './response-head.ts';
import type { HeadSink } from './sink.ts';

export interface ResponseWriterOptions {
  /** Our name in `Via`; without one there is none. */
  readonly via?: string;
}

/** How a response is passed on. One object may serve response after response. */
export interface ResponseRewrite {
  /** The client's version. */
  minor: 0 | 1;
  /** The client's connection stays open. A body until close does not let it. */
  keepAlive: boolean;
  /** How the client finds the body's end: the head's own, CLOSE where chunks are taken apart, CHUNKED where they are made. */
  framing: Framing;
  /** Kinds of fields that are left out: bits `1 << kind`. */
  omit: number;
  /** Further field lines, each with its CRLF; latin1. */
  extra: string;
}

/** Writes the head of a response to a client, as HTTP/1.1. Lines that stay are copied as ranges of bytes, in their order. */
export class ResponseHeadWriter {
  readonly #via: string;

  constructor(options: ResponseWriterOptions = {}) {
    this.#via = options.via ?? '';
  }

  /** Writes `head`; the lines that are left out are marked in it. */
  write(out: HeadSink, head: ResponseHead, how: ResponseRewrite): void {
    if (how.omit !== 0) dropKinds(head, how.omit);
    if (head.lineIntact) copyLines(out, head, head.start);
    else {
      out.text(`HTTP/1.1 ${head.status} ${head.reason()}\r\n`);
      copyLines(out, head, head.fieldsStart);
    }
    const lines = this.#ownLines(head, how);
    out.text(lines === '' ? '\r\n' : `${lines}\r\n`);
  }

  #ownLines(head: ResponseHead, how: ResponseRewrite): string {
    let lines = how.extra;
    if (how.framing === CHUNKED) lines += 'Transfer-Encoding: chunked\r\n';
    else if (!head.lengthIntact && head.contentLength !== -1) lines += `Content-Length: ${head.contentLength}\r\n`;
    if (head.upgraded) lines += 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
    else if (!head.interim) lines += connectionLine(how);
    if (this.#via !== '') lines += `Via: 1.${head.minor} ${this.#via}\r\n`;
    return lines;
  }
}

function connectionLine(how: ResponseRewrite): string {
  if (!how.keepAlive || how.framing === CLOSE) return 'Connection: close\r\n';
  return how.minor === 0 ? 'Connection: keep-alive\r\n' : '';
}
