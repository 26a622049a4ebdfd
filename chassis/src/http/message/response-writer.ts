import type { Framing } from './framing.ts';
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
  /** The client's connection stays open. */
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
  readonly #options: ResponseWriterOptions;

  constructor(options: ResponseWriterOptions = {}) {
    this.#options = options;
  }

  write(out: HeadSink, head: ResponseHead, how: ResponseRewrite): void {
    out.append(head.buffer, head.start, head.end);
    out.text(`${this.#options.via}${how.extra}`);
  }
}
