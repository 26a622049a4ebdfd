import { post, type RequestCase } from './request-case.ts';

/** Chunks, and what fits nowhere else. */
export const chunksCases: readonly RequestCase[] = [
  {
    name: 'a chunk size with a space behind it',
    text: post('Transfer-Encoding: chunked', '3 \r\nabc\r\n0\r\n\r\n'),
    ours: 'refused 400',
    nginx: 'POST /x "abc"',
    why: 'RFC 9112, 7.1.1 has white space there only before an extension, and nobody sends it',
  },
  {
    name: 'a chunk size in the way of C',
    text: post('Transfer-Encoding: chunked', '0x3\r\nabc\r\n0\r\n\r\n'),
    ours: 'refused 400',
  },
  {
    name: 'a chunk size that overflows',
    text: post('Transfer-Encoding: chunked', '10000000000000003\r\nabc\r\n0\r\n\r\n'),
    ours: 'refused 400',
  },
  {
    name: 'a chunk that is longer than its size',
    text: post('Transfer-Encoding: chunked', '2\r\nabc\r\n0\r\n\r\n'),
    ours: 'refused 400',
  },
  {
    name: 'LF behind a chunk size',
    text: post('Transfer-Encoding: chunked', '3\nabc\r\n0\r\n\r\n'),
    ours: 'refused 400',
    nginx: 'POST /x "abc"',
    why: 'RFC 9112, 7.1: CRLF',
  },
  {
    name: 'LF behind a chunk',
    text: post('Transfer-Encoding: chunked', '3\r\nabc\n0\r\n\r\n'),
    ours: 'refused 400',
    nginx: 'POST /x "abc"',
    why: 'RFC 9112, 7.1: CRLF',
  },
  {
    name: 'LF in a chunk extension',
    text: post('Transfer-Encoding: chunked', '3;a\nb\r\nabc\r\n0\r\n\r\n'),
    ours: 'refused 400',
  },
  {
    name: 'CR in a chunk extension',
    text: post('Transfer-Encoding: chunked', '3;a\rb\r\nabc\r\n0\r\n\r\n'),
    ours: 'refused 400',
  },
  {
    name: 'a chunk extension without a name',
    text: post('Transfer-Encoding: chunked', '3;\r\nabc\r\n0\r\n\r\n'),
    ours: 'refused 400',
    nginx: 'POST /x "abc"',
    why: 'RFC 9112, 7.1.1: an extension has a name',
  },
  {
    name: 'LF at the end of the trailers',
    text: post('Transfer-Encoding: chunked', '0\r\nX-A: b\n\r\n'),
    ours: 'refused 400',
    nginx: 'POST /x',
    why: 'RFC 9112, 2.2 lets a reader take LF for CRLF; a reader behind us may not, so that one message could be two',
  },
  {
    name: 'Content-Length as a trailer',
    text: post('Transfer-Encoding: chunked', '0\r\nContent-Length: 5\r\n\r\n'),
    ours: 'refused 400',
    nginx: 'POST /x',
    why: 'RFC 9110, 6.5.1: framing is no trailer. nginx leaves trailers out; we pass them on and must not pass this one',
  },
  {
    name: 'X-Forwarded-For as a trailer',
    text: post('Transfer-Encoding: chunked', '0\r\nX-Forwarded-For: 1.1.1.1\r\n\r\n'),
    ours: 'refused 400',
    nginx: 'POST /x',
    node: 'POST /x',
    why: 'a reader that merges trailers would believe what we have removed from the head. nginx leaves trailers out',
  },
  {
    name: 'an upgrade to h2c',
    text: 'GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
    ours: 'GET /x',
    node: 'GET /x + waits',
    why: 'only `websocket` is passed on; node stops reading HTTP unless its user wants the upgrade',
  },
  {
    name: 'an unknown expectation',
    text: post('Expect: 200-ok'),
    ours: 'refused 417',
    nginx: 'POST /x',
    why: 'RFC 9110, 10.1.1: 417; nginx leaves the field to the server',
  },
  {
    name: 'Connection names Host',
    text: post('Connection: Host, Content-Length\r\nContent-Length: 3', 'abc'),
    ours: 'POST /x "abc"',
  },
  {
    name: 'a body that looks like a request',
    text: post('Content-Length: 28', 'GET /y HTTP/1.1\r\nHost: b\r\n\r\n'),
    ours: 'POST /x "GET /y HTTP/1.1\\r\\nHost: b\\r\\n\\r\\n"',
  },
  { name: 'GET with a body', text: 'GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc', ours: 'GET /x "abc"' },
];
