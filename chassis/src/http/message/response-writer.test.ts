import { expect, it, test } from 'vitest';
import { RETRY_AFTER } from './field-kinds.ts';
import { CHUNKED, CLOSE } from './framing.ts';
import { answered, responseHead } from './testing/messages.ts';

const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');
const ok = (...fields: string[]): string => lines('HTTP/1.1 200 OK', ...fields);

test.each([
  [
    ok('Content-Length: 5', 'Set-Cookie: a', 'Set-Cookie: b'),
    ok('Content-Length: 5', 'Set-Cookie: a', 'Set-Cookie: b'),
  ],
  [ok('Transfer-Encoding: CHUNKED', 'X: y'), ok('X: y', 'Transfer-Encoding: chunked')],
  [ok('X: y'), ok('X: y', 'Connection: close')],
  [
    ok('Connection: keep-alive, x-a', 'Keep-Alive: timeout=5', 'X-A: 1', 'Proxy-Connection: x', 'Content-Length: 0'),
    ok('Content-Length: 0'),
  ],
  [ok('Upgrade: h2c', 'Proxy-Authenticate: Basic', 'Content-Length: 0'), ok('Content-Length: 0')],
  [
    ok('Connection: Set-Cookie, content-length', 'Set-Cookie: a', 'Content-Length: 0'),
    ok('Set-Cookie: a', 'Content-Length: 0'),
  ],
  [ok('Content-Length: 00'), ok('Content-Length: 0')],
  [lines('HTTP/1.0 200 Fine', 'Content-Length: 1'), lines('HTTP/1.1 200 Fine', 'Content-Length: 1')],
  [lines('HTTP/1.1 204', 'Content-Length: 1'), lines('HTTP/1.1 204 ')],
  [lines('HTTP/1.1 304 Not Modified', 'Transfer-Encoding: chunked'), lines('HTTP/1.1 304 Not Modified')],
  [lines('HTTP/1.1 304 Not Modified', 'Content-Length: 9'), lines('HTTP/1.1 304 Not Modified', 'Content-Length: 9')],
  [lines('HTTP/1.1 100 Continue'), lines('HTTP/1.1 100 Continue')],
])('%j is passed on as %j', (text, expected) => {
  expect(answered(responseHead(text))).toBe(expected);
});

it('says how the connection goes on', () => {
  const head = () => responseHead(ok('Content-Length: 5'));
  expect(answered(head(), { keepAlive: false })).toBe(ok('Content-Length: 5', 'Connection: close'));
  expect(answered(head(), { minor: 0 })).toBe(ok('Content-Length: 5', 'Connection: keep-alive'));
  expect(answered(head(), { minor: 0, keepAlive: false })).toBe(ok('Content-Length: 5', 'Connection: close'));
});

it('changes the framing', () => {
  expect(answered(responseHead(ok('Transfer-Encoding: chunked')), { minor: 0, framing: CLOSE })).toBe(
    ok('Connection: close'),
  );
  expect(answered(responseHead(ok()), { framing: CHUNKED })).toBe(ok('Transfer-Encoding: chunked'));
});

it('keeps the length of an answer to HEAD', () => {
  expect(answered(responseHead(ok('Content-Length: 05'), 'HEAD'))).toBe(ok('Content-Length: 5'));
});

it('passes 101 on', () => {
  const text = lines('HTTP/1.1 101 Switching', 'Connection: upgrade', 'Upgrade: WebSocket', 'Sec-WebSocket-Accept: x');
  expect(answered(responseHead(text, 'GET', true))).toBe(
    lines('HTTP/1.1 101 Switching', 'Sec-WebSocket-Accept: x', 'Connection: Upgrade', 'Upgrade: websocket'),
  );
});

it('has the lines of the caller and Via', () => {
  const head = responseHead(ok('Retry-After: 1', 'Content-Length: 0', 'Via: 1.1 other'));
  expect(answered(head, { omit: 1 << RETRY_AFTER, extra: 'x-a: b\r\n' }, 'motif')).toBe(
    ok('Content-Length: 0', 'Via: 1.1 other', 'x-a: b', 'Via: 1.1 motif'),
  );
});
