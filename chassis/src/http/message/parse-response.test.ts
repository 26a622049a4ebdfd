import { describe, expect, it, test } from 'vitest';
import { CHUNKED, CLOSE, LENGTH, NONE } from './framing.ts';
import { MAX_FIELDS, MAX_HEAD_BYTES } from './limits.ts';
import { parseResponseHead } from './parse-response.ts';
import { ResponseHead } from './response-head.ts';
import { refusal, responseHead } from './testing/messages.ts';

const response = (line: string, ...lines: string[]): string => [line, ...lines, '', ''].join('\r\n');
const ok = (...lines: string[]): string => response('HTTP/1.1 200 OK', ...lines);

describe('what is understood', () => {
  test.each([
    [ok('Content-Length: 5'), { framing: LENGTH, contentLength: 5, keepAlive: true, status: 200 }],
    [ok('Transfer-Encoding: chunked'), { framing: CHUNKED, keepAlive: true }],
    [ok(), { framing: CLOSE, keepAlive: false }],
    [ok('Content-Length: 0', 'Connection: close'), { framing: LENGTH, keepAlive: false }],
    [ok('Content-Length: 0', 'Keep-Alive: max=5, timeout=12'), { keepAliveTimeoutMs: 12_000 }],
    [ok('Content-Length: 0', 'Keep-Alive: timeout=x'), { keepAliveTimeoutMs: -1 }],
    [response('HTTP/1.0 200 OK', 'Content-Length: 0'), { minor: 0, keepAlive: false, lineIntact: false }],
    [response('HTTP/1.0 200 OK', 'Content-Length: 0', 'Connection: keep-alive'), { keepAlive: true }],
    [response('HTTP/1.1 404', 'Content-Length: 0'), { status: 404, lineIntact: false }],
    [response('HTTP/1.1 404 ', 'Content-Length: 0'), { status: 404, lineIntact: true }],
    [
      response('HTTP/1.1 304 Not Modified', 'Content-Length: 10'),
      { framing: NONE, contentLength: 10, keepAlive: true },
    ],
    [response('HTTP/1.1 304 Not Modified', 'Transfer-Encoding: chunked'), { framing: NONE, keepAlive: true }],
    [response('HTTP/1.1 204 No Content'), { framing: NONE, keepAlive: true }],
    [response('HTTP/1.1 204 No Content', 'Content-Length: 0'), { framing: NONE, keepAlive: true, contentLength: -1 }],
    [response('HTTP/1.1 204 No Content', 'Content-Length: 9'), { framing: NONE, keepAlive: false, contentLength: -1 }],
    [response('HTTP/1.1 103 Early Hints', 'Link: </x>'), { framing: NONE, interim: true }],
    [response('HTTP/1.1 799 Odd \xe4', 'Content-Length: 0'), { status: 799, keepAlive: true }],
  ])('%j', (text, expected) => {
    expect(responseHead(text)).toMatchObject(expected);
  });

  it('has no body for HEAD, but says how long it would be', () => {
    expect(responseHead(ok('Content-Length: 5'), 'HEAD')).toMatchObject({
      framing: NONE,
      contentLength: 5,
      keepAlive: true,
    });
    expect(responseHead(ok('Transfer-Encoding: chunked'), 'HEAD')).toMatchObject({ framing: NONE, keepAlive: true });
    expect(responseHead(ok(), 'HEAD')).toMatchObject({ framing: NONE, keepAlive: true });
  });

  it('takes 101 for a WebSocket that was asked for', () => {
    const switching = response('HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket');
    expect(responseHead(switching, 'GET', true)).toMatchObject({ upgraded: true, interim: false, framing: NONE });
    expect(refusal(() => responseHead(switching))).toBe('502 BadUpgrade');
    expect(refusal(() => responseHead(switching.replace('websocket', 'h2c'), 'GET', true))).toBe('502 BadUpgrade');
    expect(refusal(() => responseHead(switching.replace('Connection', 'X'), 'GET', true))).toBe('502 BadUpgrade');
  });

  it('reads the reason', () => {
    expect(responseHead(response('HTTP/1.1 500 It broke, sorry')).reason()).toBe('It broke, sorry');
    expect(responseHead(response('HTTP/1.1 500')).reason()).toBe('');
  });
});

test.each([
  [ok('Content-Length: 5', 'Content-Length: 5'), '502 BadContentLength'],
  [ok('Content-Length: 5, 5'), '502 BadContentLength'],
  [ok('Content-Length: 5', 'Transfer-Encoding: chunked'), '502 AmbiguousLength'],
  [ok('Transfer-Encoding: chunked\t'), '502 BadTransferEncoding'],
  [ok('Transfer-Encoding: gzip'), '502 BadTransferEncoding'],
  [ok('Transfer-Encoding: gzip, chunked'), '502 UnknownTransferEncoding'],
  [response('HTTP/1.0 200 OK', 'Transfer-Encoding: chunked'), '502 BadTransferEncoding'],
  [ok('X: a\r\n b'), '502 FoldedField'],
  [ok('X : a'), '502 BadFieldName'],
  [ok('X: a\nY: b'), '502 BadLineEnd'],
  [ok('X: a\0'), '502 BadFieldValue'],
  ['HTTP/1.1 200 OK\n', '502 BadLineEnd'],
  ['HTTP/1.1 200 O\0K\r\n', '502 BadFieldValue'],
  ['HTTP/1.1  200 OK\r\n', '502 BadStatus'],
  ['HTTP/1.1 20 OK\r\n', '502 BadStatus'],
  ['HTTP/1.1 2000 OK\r\n', '502 BadStatus'],
  ['HTTP/1.1 099 OK\r\n', '502 BadStatus'],
  ['HTTP/2.0 200 OK\r\n', '502 BadVersion'],
  ['ICY 200 OK\r\n', '502 BadVersion'],
  ['\r\nHTTP/1.1 200 OK\r\n', '502 BadVersion'],
])('refuses %j', (text, expected) => {
  expect(refusal(() => responseHead(text))).toBe(expected);
});

test.each([
  ['many fields', ok(...Array.from({ length: MAX_FIELDS + 1 }, () => 'a: b')), '502 TooManyFields'],
  ['a long field', ok(`X: ${'a'.repeat(MAX_HEAD_BYTES)}`), '502 HeadTooLong'],
])('refuses %s', (_, text, expected) => {
  expect(refusal(() => responseHead(text))).toBe(expected);
});

it('says that a head is not complete, at every byte', () => {
  const text = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: y\r\n\r\n');
  const head = new ResponseHead();
  for (let end = 0; end < text.length; end++) expect(parseResponseHead(text, 0, end, 'GET', head)).toBe(false);
  expect(parseResponseHead(text, 0, text.length, 'GET', head)).toBe(true);
});
