import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { CHUNKED, LENGTH, NONE } from './framing.ts';
import { HeadReader } from './head-reader.ts';
import { MAX_FIELDS, MAX_HEAD_BYTES, MAX_TARGET_BYTES } from './limits.ts';
import { parseRequestHead } from './parse-request.ts';
import { RequestHead } from './request-head.ts';
import { refusal, requestHead } from './testing/messages.ts';

const request = (...lines: string[]): string => ['GET / HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n');
const refused = (text: string): string | undefined => refusal(() => requestHead(text));

describe('what is understood', () => {
  it('reads the line, the fields and the host', () => {
    const head = requestHead(
      'POST /a/b?c=%20 HTTP/1.1\r\nHost: shop.example:8080\r\nX-User:  u1\t\r\nx-user: u2\r\n\r\nrest',
    );
    expect(head.method).toBe('POST');
    expect(head.target()).toBe('/a/b?c=%20');
    expect(head.host()).toBe('shop.example:8080');
    expect(head.header('x-user')).toBe('u1');
    expect(head.headers('x-user')).toEqual(['u1', 'u2']);
    expect(head.header('x-use')).toBeUndefined();
    expect(head.buffer.toString('latin1', head.end)).toBe('rest');
    expect(head).toMatchObject({ minor: 1, framing: NONE, keepAlive: true, expectContinue: false, count: 3 });
  });

  test.each([
    ['Content-Length: 0', { framing: LENGTH, contentLength: 0 }],
    ['content-length: 12', { framing: LENGTH, contentLength: 12, lengthIntact: true }],
    ['Content-Length: 007', { framing: LENGTH, contentLength: 7, lengthIntact: false }],
    ['Content-Length: 9007199254740991', { contentLength: Number.MAX_SAFE_INTEGER }],
    ['Transfer-Encoding: chunked', { framing: CHUNKED, contentLength: -1 }],
    ['transfer-encoding:\tChunked ', { framing: CHUNKED }],
    ['Connection: close', { keepAlive: false }],
    ['Connection: x , Close', { keepAlive: false }],
    ['Connection: keep-alive', { keepAlive: true }],
    ['Proxy-Connection: close', { keepAlive: true }],
    ['TE: gzip, trailers', { trailers: true }],
    ['Expect: 100-Continue', { expectContinue: false }],
    ['Max-Forwards: 0', { maxForwards: -1 }],
  ])('%s', (line, expected) => {
    expect(requestHead(request(line))).toMatchObject(expected);
  });

  it('waits for the body only where there is one', () => {
    expect(requestHead(request('Expect: 100-continue', 'Content-Length: 1')).expectContinue).toBe(true);
    const old = 'PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n';
    expect(requestHead(old).expectContinue).toBe(false);
  });

  test.each([
    ['Connection: Upgrade\r\nUpgrade: websocket', 'websocket'],
    ['Connection: keep-alive, upgrade\r\nUpgrade: WebSocket', 'websocket'],
    ['Upgrade: websocket', undefined],
    ['Connection: Upgrade\r\nUpgrade: h2c', undefined],
    ['Connection: Upgrade\r\nUpgrade: websocket, h2c', undefined],
    ['Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c', undefined],
    ['Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3', undefined],
  ])('%s', (lines, protocol) => {
    expect(requestHead(request(...lines.split('\r\n'))).upgrade).toBe(protocol);
  });

  it('takes HTTP/1.0 without Host, and closes unless it is asked not to', () => {
    expect(requestHead('GET / HTTP/1.0\r\n\r\n')).toMatchObject({ minor: 0, keepAlive: false, hasHost: false });
    expect(requestHead('GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n').keepAlive).toBe(true);
  });

  it('takes a later minor version as 1.1', () => {
    expect(requestHead('GET / HTTP/1.7\r\nHost: a\r\n\r\n')).toMatchObject({ minor: 1, lineIntact: false });
  });

  test.each([
    ['http://b.example/x?y', 'b.example', '/x?y'],
    ['HTTP://b.example:80', 'b.example:80', '/'],
    ['https://[::1]:8443?q', '[::1]:8443', '/?q'],
    ['/x', 'a', '/x'],
    ['//x/y', 'a', '//x/y'],
  ])('the target %s', (target, host, path) => {
    const head = requestHead(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect([head.host(), head.path()]).toEqual([host, path]);
  });

  it('passes over empty lines before the request', () => {
    const head = requestHead('\r\n\r\nOPTIONS * HTTP/1.1\r\nHost:\r\nMax-Forwards: 3\r\n\r\n');
    expect(head).toMatchObject({ method: 'OPTIONS', start: 4, maxForwards: 3, hasHost: true });
  });

  it('takes methods that it does not know', () => {
    expect(requestHead('brew-it /pot HTTP/1.1\r\nHost: a\r\n\r\n').method).toBe('brew-it');
  });

  it('is used again without remembering', () => {
    const head = new RequestHead();
    const first = Buffer.from(request('Connection: x-a, close', 'X-A: 1', 'Content-Length: 3', 'TE: trailers'));
    expect(parseRequestHead(first, 0, first.length, head)).toBe(true);
    const second = Buffer.from(request('X-B: 1'));
    expect(parseRequestHead(second, 0, second.length, head)).toBe(true);
    expect(head).toMatchObject({ keepAlive: true, framing: NONE, trailers: false, anyDropped: false, count: 2 });
    expect([...head.dropped.subarray(0, 2)]).toEqual([0, 0]);
  });
});

describe('what is refused', () => {
  test.each([
    ['Content-Length: 5\r\nContent-Length: 5', '400 BadContentLength'],
    ['Content-Length: 5\r\nContent-Length: 6', '400 BadContentLength'],
    ['Content-Length: 5, 5', '400 BadContentLength'],
    ['Content-Length: +5', '400 BadContentLength'],
    ['Content-Length: -5', '400 BadContentLength'],
    ['Content-Length: 0x5', '400 BadContentLength'],
    ['Content-Length: 5 5', '400 BadContentLength'],
    ['Content-Length:', '400 BadContentLength'],
    ['Content-Length: 9007199254740992', '400 BadContentLength'],
    ['Content-Length: 5\r\nTransfer-Encoding: chunked', '400 AmbiguousLength'],
    ['Transfer-Encoding: chunked\r\nContent-Length: 0', '400 AmbiguousLength'],
    ['Transfer-Encoding: gzip, chunked', '501 UnknownTransferEncoding'],
    ['Transfer-Encoding: gzip;q=1\r\nTransfer-Encoding: chunked', '501 UnknownTransferEncoding'],
    ['Transfer-Encoding: gzip', '400 BadTransferEncoding'],
    ['Transfer-Encoding: identity', '400 BadTransferEncoding'],
    ['Transfer-Encoding: chunked, gzip', '400 BadTransferEncoding'],
    ['Transfer-Encoding: chunked, chunked', '400 BadTransferEncoding'],
    ['Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '400 BadTransferEncoding'],
    ['Transfer-Encoding: ,chunked', '400 BadTransferEncoding'],
    ['Transfer-Encoding: chunked,', '400 BadTransferEncoding'],
    ['Transfer-Encoding: chunked;x=1', '400 BadTransferEncoding'],
    ['Transfer-Encoding: "chunked"', '400 BadTransferEncoding'],
    ['Transfer-Encoding: xchunked', '400 BadTransferEncoding'],
    ['Transfer-Encoding:', '400 BadTransferEncoding'],
    ['Transfer-Encoding: chunked\t', '400 BadTransferEncoding'],
    ['Transfer-Encoding: chunked \t ', '400 BadTransferEncoding'],
    ['Host: a', '400 BadHost'],
    ['X: a\nY: b', '400 BadLineEnd'],
    ['X: a\rb', '400 BadLineEnd'],
    ['X: a\0b', '400 BadFieldValue'],
    ['X: a\x7fb', '400 BadFieldValue'],
    ['X: a\r\n b', '400 FoldedField'],
    ['X : a', '400 BadFieldName'],
    ['X\t: a', '400 BadFieldName'],
    [': a', '400 BadFieldName'],
    ['X', '400 BadFieldName'],
    ['X(y): a', '400 BadFieldName'],
    ['\xe4: a', '400 BadFieldName'],
    ['Expect: 200-ok', '417 UnknownExpectation'],
    [`Connection: ${'a,'.repeat(40)}`, '431 TooManyOptions'],
  ])('%j', (lines, expected) => {
    expect(refused(`GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`)).toBe(expected);
  });

  test.each([
    ['GET / HTTP/1.1\r\n\r\n', '400 MissingHost'],
    ['GET http://a/ HTTP/1.1\r\n\r\n', '400 MissingHost'],
    ['GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n', '400 BadHost'],
    ['GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n', '400 BadTransferEncoding'],
    ['GET / HTTP/1.1\r\nHost: a b\r\n\r\n', '400 BadHost'],
    ['GET / HTTP/1.1\r\nHost: a,b\r\n\r\n', '400 BadHost'],
    ['GET / HTTP/1.1\r\nHost: u@a\r\n\r\n', '400 BadHost'],
    ['GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', '400 BadHost'],
    ['GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n', '400 BadHost'],
    ['GET / HTTP/1.1\r\nHost: a%2\r\n\r\n', '400 BadHost'],
    ['GET / HTTP/1.1\r\nHost: [::1\r\n\r\n', '400 BadHost'],
    ['GET / HTTP/1.1\r\nHost: :80\r\n\r\n', '400 BadHost'],
    ['\nGET / HTTP/1.1\r\n', '400 BadLineEnd'],
    [' GET / HTTP/1.1\r\n', '400 BadMethod'],
    ['GET\t/ HTTP/1.1\r\n', '400 BadMethod'],
    ['G{T / HTTP/1.1\r\n', '400 BadMethod'],
    ['\x16\x03\x01', '400 BadMethod'],
    [`${'M'.repeat(33)} / HTTP/1.1\r\n`, '501 UnknownMethod'],
    ['GET  / HTTP/1.1\r\n', '400 BadTarget'],
    ['GET / HTTP/1.1 \r\n', '400 BadRequestLine'],
    ['GET /  HTTP/1.1\r\n', '400 BadVersion'],
    ['GET /\r\n', '400 BadTarget'],
    ['GET / HTTP/1.1\n', '400 BadRequestLine'],
    ['GET / HTTP/1.1\rX', '400 BadRequestLine'],
    ['GET / HTTP/2.0\r\n', '505 BadVersion'],
    ['GET / HTTP/1.10\r\n', '400 BadRequestLine'],
    ['GET / http/1.1\r\n', '400 BadVersion'],
    ['GET /a#b HTTP/1.1\r\n', '400 BadTarget'],
    ['GET /\xe4 HTTP/1.1\r\n', '400 BadTarget'],
    ['GET /"x" HTTP/1.1\r\n', '400 BadTarget'],
    ['GET x HTTP/1.1\r\n', '400 BadTarget'],
    ['GET * HTTP/1.1\r\n', '400 BadTarget'],
    ['GET ftp://a/ HTTP/1.1\r\n', '400 BadTarget'],
    ['GET http:///x HTTP/1.1\r\n', '400 BadTarget'],
    ['GET http://u:p@a/ HTTP/1.1\r\n', '400 BadTarget'],
    ['CONNECT a:443 HTTP/1.1\r\n', '501 MethodRefused'],
    ['TRACE / HTTP/1.1\r\n', '501 MethodRefused'],
    ['OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: x\r\n\r\n', '400 BadMaxForwards'],
  ])('%j', (text, expected) => {
    expect(refused(text)).toBe(expected);
  });

  test.each([
    ['a long target', `GET /${'a'.repeat(MAX_TARGET_BYTES)} HTTP/1.1\r\n`, '414 TargetTooLong'],
    ['many fields', `GET / HTTP/1.1\r\nHost: a\r\n${'a: b\r\n'.repeat(MAX_FIELDS)}\r\n`, '431 TooManyFields'],
    ['a long field', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(MAX_HEAD_BYTES)}\r\n\r\n`, '431 HeadTooLong'],
    ['nothing but empty lines', '\r\n'.repeat(MAX_HEAD_BYTES / 2), '414 TargetTooLong'],
  ])('%s', (_, text, expected) => {
    expect(refused(text)).toBe(expected);
  });

  it('takes a head that is just not too long', () => {
    const short = 'GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n';
    const text = short.replace('X: ', `X: ${'a'.repeat(MAX_HEAD_BYTES - short.length)}`);
    expect(requestHead(text).end).toBe(MAX_HEAD_BYTES);
    expect(refused(text.replace('X: ', 'X: a'))).toBe('431 HeadTooLong');
  });
});

/** What a reader makes of bytes that arrive in pieces, as the core reads them. */
function inPieces(bytes: Buffer, cuts: readonly number[]): string {
  const head = new RequestHead();
  const reader = new HeadReader();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  const outcome = refusal(() => {
    reader.begin();
    let from = 0;
    for (const end of ends) {
      if (end === from) continue;
      if (from === 0 && parseRequestHead(bytes, 0, end, head)) return;
      const found = reader.find(bytes, from, end);
      if (found !== -1 && parseRequestHead(bytes, 0, found, head)) return;
      from = end;
    }
    head.end = -1;
  });
  if (outcome !== undefined) return outcome;
  return head.end === -1 ? 'more' : `${head.end} ${head.method} ${head.target()} ${head.count} ${head.framing}`;
}

describe('bytes in pieces', () => {
  const lines = fc.constantFrom(
    'Host: a',
    'X: b',
    'Content-Length: 3',
    'Transfer-Encoding: chunked',
    'Connection: close, x',
    'bad',
    ' folded',
    'Y: a\nb',
    '',
  );
  const ends = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r');
  const text = fc
    .tuple(
      fc.constantFrom('', '\r\n', '\n'),
      fc.constantFrom('GET / HTTP/1.1', 'POST /x HTTP/1.0', 'GET /  HTTP/1.1', 'GET'),
      fc.array(fc.tuple(lines, ends), { maxLength: 6 }),
    )
    .map(([before, line, fields]) => `${before}${line}\r\n${fields.map((pair) => pair.join('')).join('')}\r\n\r\nrest`);

  it('mean the same wherever they are cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 5 }), (message, cuts) => {
        const bytes = Buffer.from(message, 'latin1');
        expect(inPieces(bytes, cuts)).toBe(inPieces(bytes, []));
      }),
      { numRuns: 2000 },
    );
  });

  it('mean the same byte by byte, too long ones as well', () => {
    for (const message of [
      request('X: y'),
      `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(8000)}`,
      `GET / HTTP/1.1\r\nX: ${'a'.repeat(40_000)}`,
      'x'.repeat(40_000),
    ]) {
      const bytes = Buffer.from(message);
      expect(inPieces(bytes, [...bytes.keys()])).toBe(inPieces(bytes, []));
    }
  });
});
