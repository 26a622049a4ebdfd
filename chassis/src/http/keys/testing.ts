import type { PlainRequest } from '@motif/api/expressions/testing';
import { parseRequestHead } from '../message/parse-request.ts';
import { RequestHead } from '../message/request-head.ts';

/** A request as bytes, as a client would send it: `Host` is added where it is not given. */
export function requestBytes({ method = 'GET', target = '/', headers = [], body }: PlainRequest): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const host = headers.some(([name]) => name.toLowerCase() === 'host') ? '' : 'Host: shop.example\r\n';
  const size = body === undefined ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${host}${lines}${size}\r\n`, 'latin1');
}

/** The same, parsed, with other bytes before and behind it: ranges must not be taken for positions from 0. */
export function headOf(request: PlainRequest): RequestHead {
  const bytes = requestBytes(request);
  const buffer = Buffer.concat([Buffer.from('rest of another message'), bytes, Buffer.from('and the body')]);
  const head = new RequestHead();
  const start = 'rest of another message'.length;
  parseRequestHead(buffer, start, start + bytes.length, head);
  return head;
}
