import { copyLines, dropKinds } from './copy-lines.ts';
import {
  FORWARDED,
  X_FORWARDED_FOR,
  X_FORWARDED_HOST,
  X_FORWARDED_OTHER,
  X_FORWARDED_PROTO,
  X_REAL_IP,
} from './field-kinds.ts';
import { EXTENDED } from './forwarding.ts';
import { CHUNKED, LENGTH } from './framing.ts';
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

/** What only a trusted peer may say. */
const FORWARDING =
  (1 << FORWARDED) |
  (1 << X_FORWARDED_FOR) |
  (1 << X_FORWARDED_HOST) |
  (1 << X_FORWARDED_OTHER) |
  (1 << X_FORWARDED_PROTO) |
  (1 << X_REAL_IP);

/**
 * Writes the head of a request to a server, as HTTP/1.1 in origin-form: what is meant for one connection only is left out,
 * and the forwarding fields say where it came from. Lines that stay are copied as ranges of bytes, in their order.
 */
export class RequestHeadWriter {
  readonly #via: string;

  constructor(options: RequestWriterOptions = {}) {
    this.#via = options.via ?? '';
  }

  /** Writes `head`; the lines that are left out are marked in it. */
  write(out: HeadSink, head: RequestHead, peer: Peer, how: RequestRewrite): void {
    const forwarding = head.seen & FORWARDING;
    if (forwarding !== 0) dropKinds(head, peer.trusted ? EXTENDED : FORWARDING);
    if (how.omit !== 0) dropKinds(head, how.omit);
    if (head.lineIntact) copyLines(out, head, head.start);
    else {
      out.text(requestLine(head));
      copyLines(out, head, head.fieldsStart);
    }
    const lines = this.#ownLines(head, how);
    if (lines !== '') out.text(lines);
    if (forwarding !== 0 && peer.trusted) out.text(`${peer.extended(head)}\r\n`);
    else {
      const tail = peer.tail(head);
      out.append(tail, 0, tail.length);
    }
  }

  #ownLines(head: RequestHead, how: RequestRewrite): string {
    let lines = how.extra;
    if (head.framing === CHUNKED) lines += 'Transfer-Encoding: chunked\r\n';
    else if (head.framing === LENGTH && !head.lengthIntact) lines += `Content-Length: ${head.contentLength}\r\n`;
    if (head.absolute || !head.hasHost) lines += `Host: ${head.host()}\r\n`;
    if (head.upgrade !== undefined) lines += `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`;
    else if (head.trailers) lines += `TE: trailers\r\nConnection: TE${how.close ? ', close' : ''}\r\n`;
    else if (how.close) lines += 'Connection: close\r\n';
    if (head.maxForwards > 0) lines += `Max-Forwards: ${head.maxForwards - 1}\r\n`;
    if (this.#via !== '') lines += `Via: 1.${head.minor} ${this.#via}\r\n`;
    return lines;
  }
}

/** In origin-form and our version. RFC 9112, 3.2.4: an OPTIONS for a whole host becomes `*`. */
function requestLine(head: RequestHead): string {
  const whole = head.absolute && head.method === 'OPTIONS' && head.pathStart === head.pathEnd;
  return `${head.method} ${whole ? '*' : head.path()} HTTP/1.1\r\n`;
}
