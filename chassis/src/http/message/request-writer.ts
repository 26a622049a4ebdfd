import type { Peer } from './peer.ts';
import type { RequestHead } from './request-head.ts';
import type { HeadSink } from './sink.ts';

export interface RequestWriterOptions {
  /** Our name in `Via`; without one there is none. */
  readonly via?: string;
}

/** How a request is passed on. One object may serve request after request. */
export interface RequestRewrite {
  /** Kinds of fields that are left out, or replaced by `extra`: bits `1 << kind`. */
  omit: number;
  /** Further field lines, each with its CRLF; latin1. */
  extra: string;
  /** The server is to close the connection after its answer. */
  close: boolean;
}

/**
 * Writes the head of a request to a server, as HTTP/1.1 in origin-form: what is meant for one connection only is left out,
 * and the forwarding fields say where it came from. Lines that stay are copied as ranges of bytes, in their order.
 */
export class RequestHeadWriter {
  readonly #options: RequestWriterOptions;

  constructor(options: RequestWriterOptions = {}) {
    this.#options = options;
  }

  write(out: HeadSink, head: RequestHead, peer: Peer, how: RequestRewrite): void {
    out.append(head.buffer, head.start, head.end);
    out.text(`${this.#options.via}${peer.address}${how.extra}`);
  }
}
