import { MessageError } from '../error.ts';
import { parseRequestHead } from '../parse-request.ts';
import { parseResponseHead } from '../parse-response.ts';
import { Peer } from '../peer.ts';
import { RequestHead } from '../request-head.ts';
import { RequestHeadWriter, type RequestRewrite } from '../request-writer.ts';
import { ResponseHead } from '../response-head.ts';
import { ResponseHeadWriter, type ResponseRewrite } from '../response-writer.ts';
import type { HeadSink } from '../sink.ts';

/** Collects what is written. */
export class TextSink implements HeadSink {
  written = '';

  append(source: Buffer, start: number, end: number): void {
    this.written += source.toString('latin1', start, end);
  }

  text(text: string): void {
    this.written += text;
  }
}

/** The head of a request that has all of it. */
export function requestHead(text: string): RequestHead {
  const head = new RequestHead();
  const bytes = Buffer.from(text, 'latin1');
  if (!parseRequestHead(bytes, 0, bytes.length, head)) throw new Error(`not complete: ${JSON.stringify(text)}`);
  return head;
}

/** The head of a response that has all of it. */
export function responseHead(text: string, method = 'GET', upgradeAsked = false): ResponseHead {
  const head = new ResponseHead();
  const bytes = Buffer.from(text, 'latin1');
  if (!parseResponseHead(bytes, 0, bytes.length, method, head, upgradeAsked)) throw new Error('not complete');
  return head;
}

/** `400 BadHost`, or nothing. */
export function refusal(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof MessageError) return `${error.status} ${error.code}`;
    throw error;
  }
}

/** A request as it is passed on, without the forwarding lines of a peer that is not trusted. */
export function passedOn(text: string, how: Partial<RequestRewrite> = {}, peer?: Peer, via?: string): string {
  const sink = new TextSink();
  const client = peer ?? new Peer('192.0.2.1', 'http', false);
  const writer = new RequestHeadWriter(via === undefined ? {} : { via });
  writer.write(sink, requestHead(text), client, { omit: 0, extra: '', close: false, ...how });
  return peer === undefined ? sink.written.replace(/X-Forwarded-For: .*\r\n\r\n$/s, '\r\n') : sink.written;
}

/** A response as it is passed on. */
export function answered(head: ResponseHead, how: Partial<ResponseRewrite> = {}, via?: string): string {
  const sink = new TextSink();
  const writer = new ResponseHeadWriter(via === undefined ? {} : { via });
  writer.write(sink, head, { minor: 1, keepAlive: true, framing: head.framing, omit: 0, extra: '', ...how });
  return sink.written;
}
