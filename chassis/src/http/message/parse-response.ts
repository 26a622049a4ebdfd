import { BYTES, CR, isWord, LF, SPACE, shown, VALUE } from './bytes.ts';
import { OPTION_CLOSE, OPTION_KEEP_ALIVE, OPTION_UPGRADE, readConnection, upgradesTo } from './connection.ts';
import { MessageError } from './error.ts';
import {
  CONNECTION,
  CONTENT_LENGTH,
  KEEP_ALIVE,
  OTHER,
  PROXY_AUTHENTICATE,
  PROXY_CONNECTION,
  TRANSFER_ENCODING,
  UPGRADE,
} from './field-kinds.ts';
import { CHUNKED, CLOSE, LENGTH, NONE } from './framing.ts';
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
import type { ResponseHead } from './response-head.ts';
import { parseVersion } from './version.ts';

/** Meant for one connection only. */
const HOP_BY_HOP =
  (1 << CONNECTION) | (1 << KEEP_ALIVE) | (1 << PROXY_CONNECTION) | (1 << UPGRADE) | (1 << PROXY_AUTHENTICATE);
const TIMEOUT = 'timeout=';

/**
 * Reads the head of the response at `buffer[start, end)` into `head`. As strict as for requests; where RFC 9112 lets a proxy
 * repair a response (folded fields, Content-Length beside Transfer-Encoding) it is refused.
 * @param method of the request that it answers: HEAD has no body
 * @param upgradeAsked whether the request asked for a WebSocket: only then may 101 come
 * @returns whether the head is complete (then `head.end` is past it); false: more bytes are needed, and it begins anew
 * @throws MessageError with status 502
 */
export function parseResponseHead(
  buffer: Buffer,
  start: number,
  end: number,
  method: string,
  head: ResponseHead,
  upgradeAsked = false,
): boolean {
  const limit = Math.min(end, start + MAX_HEAD_BYTES);
  head.begin(buffer, start);
  const fieldsStart = parseStatusLine(buffer, start, limit, head);
  const headEnd = fieldsStart === MORE ? MORE : parseFields(buffer, fieldsStart, limit, head, 502);
  if (headEnd === MORE) {
    if (limit - start < MAX_HEAD_BYTES) return false;
    throw new MessageError(502, 'HeadTooLong', `a head of more than ${MAX_HEAD_BYTES} bytes`);
  }
  head.end = headEnd;
  understand(head, method, upgradeAsked);
  return true;
}

/** `HTTP-version SP 3DIGIT [ SP reason-phrase ] CRLF`: the second space is missing in what some servers send. */
function parseStatusLine(buffer: Buffer, start: number, limit: number, head: ResponseHead): number {
  const versionEnd = parseVersion(buffer, start, limit, head, 502);
  if (versionEnd === MORE) return MORE;
  let i = versionEnd;
  for (; i < versionEnd + 4; i++) {
    if (i === limit) return MORE;
    const byte = buffer[i] as number;
    if (i === versionEnd ? byte !== SPACE : byte < 48 || byte > 57) throw badStatus(byte);
    if (i > versionEnd) head.status = head.status * 10 + byte - 48;
  }
  if (head.status < 100) throw new MessageError(502, 'BadStatus', 'a status below 100');
  if (i === limit) return MORE;
  if (buffer[i] === SPACE) i++;
  else if (buffer[i] === CR) head.lineIntact = false;
  else throw badStatus(buffer[i] as number);
  head.reasonStart = i;
  while (i < limit && ((BYTES[buffer[i] as number] as number) & VALUE) !== 0) i++;
  if (i === limit) return MORE;
  if (buffer[i] !== CR) throw lineEndError(buffer, i, 502);
  if (i + 1 === limit) return MORE;
  if (buffer[i + 1] !== LF) throw lineEndError(buffer, i, 502);
  head.reasonEnd = i;
  return i + 2;
}

/** What status and fields mean together. */
function understand(head: ResponseHead, method: string, upgradeAsked: boolean): void {
  const { seen, status } = head;
  const coded = (seen & (1 << TRANSFER_ENCODING)) !== 0;
  if ((seen & (1 << CONTENT_LENGTH)) !== 0) head.contentLength = readContentLength(head, 502);
  if (coded) checkCoding(head);
  const options = (seen & (1 << CONNECTION)) !== 0 ? readConnection(head, 502) : 0;
  head.keepAlive = (options & OPTION_CLOSE) === 0 && (head.minor === 1 || (options & OPTION_KEEP_ALIVE) !== 0);
  if ((seen & HOP_BY_HOP) !== 0) dropHopByHop(head);
  if (status < 200) readInterim(head, options, upgradeAsked);
  if (status < 200 || status === 204) withoutLength(head, coded);
  else if (method === 'HEAD' || status === 304) head.framing = NONE;
  else if (coded) head.framing = CHUNKED;
  else if (head.contentLength !== -1) head.framing = LENGTH;
  else {
    head.framing = CLOSE;
    head.keepAlive = false;
  }
}

function checkCoding(head: ResponseHead): void {
  requireChunked(head, 502);
  if (head.contentLength !== -1) {
    throw new MessageError(502, 'AmbiguousLength', 'Content-Length beside Transfer-Encoding');
  }
  if (head.minor === 0) throw new MessageError(502, 'BadTransferEncoding', 'Transfer-Encoding in HTTP/1.0');
}

function readInterim(head: ResponseHead, options: number, upgradeAsked: boolean): void {
  head.interim = head.status !== 101;
  if (head.interim) return;
  head.upgraded = upgradeAsked && (options & OPTION_UPGRADE) !== 0 && upgradesTo(head, 'websocket');
  if (!head.upgraded) throw new MessageError(502, 'BadUpgrade', 'status 101 for an upgrade that was not asked for');
}

/** 1xx and 204 never have a body (RFC 9112, 6.3). A server that announces one may send it all the same. */
function withoutLength(head: ResponseHead, coded: boolean): void {
  if (coded || head.contentLength > 0) head.keepAlive = false;
  for (let i = 0; i < head.count; i++) if (head.kinds[i] === CONTENT_LENGTH) head.drop(i);
  head.contentLength = -1;
}

function dropHopByHop(head: ResponseHead): void {
  for (let i = 0; i < head.count; i++) {
    const kind = head.kinds[i] as number;
    if (kind === OTHER || (HOP_BY_HOP & (1 << kind)) === 0) continue;
    head.drop(i);
    if (kind === KEEP_ALIVE) readKeepAlive(head, i);
  }
}

/** `timeout=5, max=100`: seconds. */
function readKeepAlive(head: ResponseHead, index: number): void {
  const { buffer } = head;
  const valueEnd = head.valueEnd[index] as number;
  for (let from = head.valueStart[index] as number; from < valueEnd; ) {
    const to = elementEnd(buffer, from, valueEnd);
    const start = trimmedStart(buffer, from, to);
    const digits = start + TIMEOUT.length;
    if (digits < to && isWord(buffer, start, digits, TIMEOUT)) {
      const seconds = readNumber(buffer, digits, trimmedEnd(buffer, digits, to), 6);
      if (seconds !== -1) head.keepAliveTimeoutMs = seconds * 1000;
    }
    from = to + 1;
  }
}

function badStatus(byte: number): MessageError {
  return new MessageError(502, 'BadStatus', `${shown(byte)} where a status should be`);
}
