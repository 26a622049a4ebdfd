/** A response, odd or not, and what a client gets of it. */
export interface ResponseCase {
  readonly name: string;
  /** Of the request; GET unless told. */
  readonly method?: string;
  /** Latin1; the server closes behind it. */
  readonly text: string;
  /** Statuses and bodies as strict llhttp reads them behind our proxy. `…` is a body that is cut off. */
  readonly ours: string;
  /** Where it is different behind Debian's nginx 1.22. */
  readonly nginx?: string;
  /** Where it is different for llhttp without a proxy. */
  readonly direct?: string;
  /** Why they differ and we are right: there wherever one differs. */
  readonly why?: string;
}

/** Where two that are asked disagree, the RFC decides. */
export const responseCases: readonly ResponseCase[] = [
  { name: 'a length', text: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', ours: '200 "abc"' },
  {
    name: 'chunks',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ours: '200 "abc"',
  },
  { name: 'until the connection closes', text: 'HTTP/1.1 200 OK\r\n\r\nabc', ours: '200 "abc"' },
  { name: 'HTTP/1.0', text: 'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc', ours: '200 "abc"' },
  { name: 'no reason', text: 'HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc', ours: '200 "abc"' },
  {
    name: 'more bytes than the length',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef',
    ours: '200 "abc"',
    direct: '200 "abc" + refused',
    why: 'what comes behind an answer is no answer to anything: the connection is closed (RFC 9112, 9.2)',
  },
  { name: 'fewer bytes than the length', text: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', ours: '200 "abc"…' },
  {
    name: 'chunks that end too early',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    ours: '200 "abc"…',
  },
  { name: 'an answer to HEAD', method: 'HEAD', text: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', ours: '200 ""' },
  {
    name: 'an answer to HEAD with a body',
    method: 'HEAD',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    ours: '200 ""',
    direct: '200 "" + refused',
    why: 'what comes behind an answer is no answer to anything: the connection is closed (RFC 9112, 9.2)',
  },
  {
    name: '204 with a body',
    text: 'HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc',
    ours: '204 ""',
    direct: '204 "" + refused',
    why: 'RFC 9112, 6.3: no body, whatever the fields say',
  },
  { name: '304 with a length', text: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n', ours: '304 ""' },
  {
    name: '103 before 200',
    text: 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    ours: '103 "" + 200 "abc"',
    nginx: '103 ""',
    why: 'RFC 9110, 15.2: a proxy passes 1xx on; nginx 1.22 takes it for the answer',
  },
  {
    name: '100 with a length',
    text: 'HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    ours: '100 "" + 200 "abc"',
    nginx: '100 ""',
    why: 'RFC 9112, 6.3: no body, whatever the fields say; nginx 1.22 takes it for the answer',
  },
  {
    name: '101 that was not asked for',
    text: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nabc',
    ours: '502',
    nginx: '101 ""',
    direct: '101 ""',
    why: 'RFC 9110, 15.2.2: only after an Upgrade of the client',
  },
  {
    name: 'two lengths',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc',
    ours: '502',
    nginx: '200 "abc"',
    direct: 'refused',
    why: 'a response that two readers may understand differently is never passed on; RFC 9112, 6.3 lets a proxy repair it or answer 502',
  },
  {
    name: 'two lengths that differ',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
    ours: '502',
    nginx: '200 "abc"…',
    direct: 'refused',
    why: 'a response that two readers may understand differently is never passed on; RFC 9112, 6.3 lets a proxy repair it or answer 502',
  },
  {
    name: 'a length beside chunks',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ours: '502',
    nginx: '200 "abc"',
    direct: 'refused',
    why: 'a response that two readers may understand differently is never passed on; RFC 9112, 6.3 lets a proxy repair it or answer 502',
  },
  {
    name: 'gzip, chunked',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ours: '502',
    nginx: '200 "abc"',
    direct: '200 "abc"',
    why: 'a coding that we did not say we know (TE)',
  },
  {
    name: 'chunks in HTTP/1.0',
    text: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ours: '502',
    nginx: '200 "abc"',
    direct: '200 "abc"',
    why: 'RFC 9112, 6.1: faulty framing',
  },
  {
    name: 'a folded field',
    text: 'HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 3\r\n\r\nabc',
    ours: '502',
    direct: 'refused',
    why: 'both say 502',
  },
  {
    name: 'white space before the colon',
    text: 'HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc',
    ours: '502',
    direct: 'refused',
    why: 'both say 502',
  },
  {
    name: 'LF in the place of CRLF',
    text: 'HTTP/1.1 200 OK\nContent-Length: 3\n\nabc',
    ours: '502',
    nginx: '200 "abc"',
    direct: 'refused',
    why: 'as for requests',
  },
  {
    name: 'NUL in a value',
    text: 'HTTP/1.1 200 OK\r\nX-A: b\x00c\r\nContent-Length: 3\r\n\r\nabc',
    ours: '502',
    direct: 'refused',
    why: 'both say 502',
  },
  {
    name: 'a status of two digits',
    text: 'HTTP/1.1 20 OK\r\nContent-Length: 3\r\n\r\nabc',
    ours: '502',
    nginx: 'refused',
    direct: 'refused',
    why: 'nginx takes it for HTTP/0.9 and passes it on as it is',
  },
  {
    name: 'a status below 100',
    text: 'HTTP/1.1 099 OK\r\nContent-Length: 3\r\n\r\nabc',
    ours: '502',
    nginx: '99 "abc"',
    direct: '99 "abc"',
    why: 'RFC 9110, 15: 100 to 999',
  },
  { name: 'status 999', text: 'HTTP/1.1 999 Odd\r\nContent-Length: 3\r\n\r\nabc', ours: '999 "abc"' },
  {
    name: 'another protocol',
    text: 'SSH-2.0-OpenSSH_9.2\r\n',
    ours: '502',
    nginx: 'refused',
    direct: 'refused',
    why: 'nginx takes it for HTTP/0.9 and passes it on as it is',
  },
  {
    name: 'HTTP/2.0',
    text: 'HTTP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    ours: '502',
    nginx: '200 "abc"',
    direct: '200 "abc"',
    why: 'not what we have asked in',
  },
  { name: 'nothing', text: '', ours: '502', direct: 'nothing', why: 'llhttp has nothing to say about nothing' },
  {
    name: 'a chunk size in the way of C',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n',
    ours: '200 ""…',
    nginx: 'nothing',
    direct: '200 ""… + refused',
    why: 'the head has been passed on: the answer is cut off, which the client can see',
  },
  {
    name: 'LF behind a chunk size',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n',
    ours: '200 ""…',
    nginx: '200 "abc"',
    direct: '200 ""… + refused',
    why: 'RFC 9112, 7.1: CRLF. The answer is cut off',
  },
  {
    name: 'a trailer',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n',
    ours: '200 "abc"',
  },
  {
    name: 'Set-Cookie as a trailer',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nSet-Cookie: a\r\n\r\n',
    ours: '200 ""…',
    nginx: '200 "abc"',
    direct: '200 "abc"',
    why: 'RFC 9110, 6.5.1: a reader that merges trailers would take it. The answer is cut off; nginx leaves trailers out',
  },
  {
    name: 'chunked with a tab behind it',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\t\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ours: '502',
    nginx: '200 "abc"',
    direct: '200 "3\\r\\nabc\\r\\n0\\r\\n\\r\\n"',
    why: 'white space by RFC 9110, 5.6.3; but llhttp reads such a body until the connection closes',
  },
];
