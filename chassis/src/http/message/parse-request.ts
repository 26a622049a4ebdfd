import { isAuthority } from './authority.ts';
import { CR, isWord, LF } from './bytes.ts';
import { OPTION_CLOSE, OPTION_KEEP_ALIVE, OPTION_UPGRADE, readConnection, upgradesTo } from './connection.ts';
import { MessageError } from './error.ts';
import {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  HOST,
  KEEP_ALIVE,
  MAX_FORWARDS,
  OTHER,
  PROXY_AUTHORIZATION,
  PROXY_CONNECTION,
  TE,
  TRANSFER_ENCODING,
  UPGRADE,
} from './field-kinds.ts';
import { CHUNKED, LENGTH, NONE } from './framing.ts';
import {
  elementEnd,
  readContentLength,
  readNumber,
  requireChunked,
  trimmedEnd,
  trimmedStart,
} from './framing-fields.ts';
import { MAX_HEAD_BYTES } from './limits.ts';
import { lineEndError, MORE, parseFields } from './parse-fields.ts';
import type { RequestHead } from './request-head.ts';
import { parseRequestLine } from './request-line.ts';

/** Meant for one connection only. */
const HOP_BY_HOP =
  (1 << CONNECTION) |
  (1 << KEEP_ALIVE) |
  (1 << PROXY_CONNECTION) |
  (1 << TE) |
  (1 << UPGRADE) |
  (1 << PROXY_AUTHORIZATION);
/** Fields that need a second look. */
const SPECIAL = HOP_BY_HOP | (1 << HOST) | (1 << EXPECT) | (1 << MAX_FORWARDS);
const FRAMING = (1 << CONTENT_LENGTH) | (1 << TRANSFER_ENCODING);

/**
 * Reads the head of the request at `buffer[start, end)` into `head`, strictly by RFC 9112: what is refused stands in
 * docs/decisions/2026-11-21-http-messages.md. Stops at the first byte that is wrong, also where the head is not complete yet.
 * @returns whether the head is complete (then `head.end` is past it); false: more bytes are needed, and it begins anew
 * @throws MessageError with the status for the client
 */
export function parseRequestHead(buffer: Buffer, start: number, end: number, head: RequestHead): boolean {
  const limit = Math.min(end, start + MAX_HEAD_BYTES);
  let position = start;
  // RFC 9112, 2.2: empty lines before a request are passed over (old clients send one after a body).
  while (position < limit && (buffer[position] === CR || buffer[position] === LF)) {
    if (buffer[position] === LF) throw lineEndError(buffer, position, 400);
    if (position + 1 === limit) return incomplete(start, limit, true);
    if (buffer[position + 1] !== LF) throw lineEndError(buffer, position, 400);
    position += 2;
  }
  head.begin(buffer, position);
  const fieldsStart = parseRequestLine(buffer, position, limit, head);
  if (fieldsStart === MORE) return incomplete(start, limit, true);
  const headEnd = parseFields(buffer, fieldsStart, limit, head, 400);
  if (headEnd === MORE) return incomplete(start, limit, false);
  head.end = headEnd;
  understand(head);
  return true;
}

function incomplete(start: number, limit: number, inLine: boolean): false {
  if (limit - start < MAX_HEAD_BYTES) return false;
  if (inLine) throw new MessageError(414, 'TargetTooLong', `a request line of more than ${MAX_HEAD_BYTES} bytes`);
  throw new MessageError(431, 'HeadTooLong', `a head of more than ${MAX_HEAD_BYTES} bytes`);
}

/** What the fields mean together. */
function understand(head: RequestHead): void {
  const { seen } = head;
  if ((seen & FRAMING) !== 0) readFraming(head);
  if ((seen & SPECIAL) !== 0) readSpecial(head);
  if (!head.hasHost && head.minor === 1) throw new MessageError(400, 'MissingHost', 'a request without Host');
  const options = (seen & (1 << CONNECTION)) !== 0 ? readConnection(head, 400) : 0;
  head.keepAlive = (options & OPTION_CLOSE) === 0 && (head.minor === 1 || (options & OPTION_KEEP_ALIVE) !== 0);
  if ((options & OPTION_UPGRADE) !== 0 && mayUpgrade(head) && upgradesTo(head, 'websocket')) head.upgrade = 'websocket';
}

function mayUpgrade(head: RequestHead): boolean {
  return head.minor === 1 && head.method === 'GET' && (head.framing === NONE || head.contentLength === 0);
}

function readFraming(head: RequestHead): void {
  head.contentLength = readContentLength(head, 400);
  if ((head.seen & (1 << TRANSFER_ENCODING)) === 0) {
    head.framing = LENGTH;
    return;
  }
  requireChunked(head, 400);
  if (head.contentLength !== -1) {
    throw new MessageError(400, 'AmbiguousLength', 'Content-Length beside Transfer-Encoding');
  }
  if (head.minor === 0) throw new MessageError(400, 'BadTransferEncoding', 'Transfer-Encoding in HTTP/1.0');
  head.framing = CHUNKED;
}

function readSpecial(head: RequestHead): void {
  for (let i = 0; i < head.count; i++) {
    const kind = head.kinds[i] as number;
    if (kind === OTHER || (SPECIAL & (1 << kind)) === 0) continue;
    if (kind === HOST) readHost(head, i);
    else if (kind === EXPECT) readExpect(head, i);
    else if (kind === MAX_FORWARDS) readMaxForwards(head, i);
    else {
      if (kind === TE) readTe(head, i);
      head.drop(i);
    }
  }
}

function readHost(head: RequestHead, index: number): void {
  const start = head.valueStart[index] as number;
  const end = head.valueEnd[index] as number;
  if (head.hasHost) throw new MessageError(400, 'BadHost', 'Host is there twice');
  // RFC 9112, 3.2: empty where the target has no authority.
  if (end > start && !isAuthority(head.buffer, start, end)) {
    throw new MessageError(400, 'BadHost', 'Host is not a host with an optional port');
  }
  head.hasHost = true;
  if (head.absolute) {
    head.drop(index);
    return;
  }
  head.hostStart = start;
  head.hostEnd = end;
}

function readExpect(head: RequestHead, index: number): void {
  if (!isWord(head.buffer, head.valueStart[index] as number, head.valueEnd[index] as number, '100-continue')) {
    throw new MessageError(417, 'UnknownExpectation', 'an expectation other than 100-continue');
  }
  // RFC 9110, 10.1.1: ignored in HTTP/1.0, and not sent without a body.
  if (head.minor === 1 && (head.framing === CHUNKED || head.contentLength > 0)) head.expectContinue = true;
  else head.drop(index);
}

function readMaxForwards(head: RequestHead, index: number): void {
  if (head.method !== 'OPTIONS') return;
  const value = readNumber(head.buffer, head.valueStart[index] as number, head.valueEnd[index] as number, 9);
  if (value === -1 || head.maxForwards !== -1) {
    throw new MessageError(400, 'BadMaxForwards', 'Max-Forwards is not one number');
  }
  head.maxForwards = value;
  head.drop(index);
}

function readTe(head: RequestHead, index: number): void {
  const { buffer } = head;
  const valueEnd = head.valueEnd[index] as number;
  for (let from = head.valueStart[index] as number; from < valueEnd; ) {
    const to = elementEnd(buffer, from, valueEnd);
    const start = trimmedStart(buffer, from, to);
    if (isWord(buffer, start, trimmedEnd(buffer, start, to), 'trailers')) head.trailers = true;
    from = to + 1;
  }
}
