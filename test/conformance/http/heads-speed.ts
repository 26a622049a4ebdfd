/** `node test/conformance/http/heads-speed.ts`: nanoseconds to read and write typical heads, the best of seven rounds. */
import {
  BodyFramer,
  CHUNKED,
  LENGTH,
  Peer,
  parseRequestHead,
  parseResponseHead,
  RequestHead,
  RequestHeadWriter,
  ResponseHead,
  ResponseHeadWriter,
} from '@motif/chassis/http/message/index';
import type { Flusher } from '@motif/chassis/io/flusher';
import { Outbox } from '@motif/chassis/io/outbox';

const REQUEST = [
  'GET /v1/items/12345?fields=name,price&lang=en HTTP/1.1',
  'Host: shop.example.com',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language: en-US,en;q=0.5',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Connection: keep-alive',
  'Cookie: session=0123456789abcdef0123456789abcdef; theme=dark',
  'X-User: user-48213',
  'Cache-Control: max-age=0',
];
const SMALL = ['GET / HTTP/1.1', 'Host: 127.0.0.1:8080', 'user-agent: h2load nghttp2/1.52.0'];
const RESPONSE = [
  'HTTP/1.1 200 OK',
  'Server: nginx',
  'Date: Sat, 21 Nov 2026 14:00:00 GMT',
  'Content-Type: application/json; charset=utf-8',
  'Content-Length: 100',
  'Connection: keep-alive',
  'Keep-Alive: timeout=5',
  'ETag: W/"64-abcdef0123456789"',
  'Cache-Control: private, max-age=0',
  'Vary: Accept-Encoding',
  'X-Request-Id: 7d5c0f0e-0000-4000-8000-1234567890ab',
];
const ROUNDS = 7;
const TIMES = 100_000;
/** Heads lie in the middle of a read buffer. */
const AT = 1000;

const slab = Buffer.allocUnsafeSlow(64 * 1024);
const out = new Outbox({ add() {} } as unknown as Flusher);
const request = new RequestHead();
const response = new ResponseHead();
const peer = new Peer('10.1.2.3', 'http', false);
const requests = new RequestHeadWriter();
const responses = new ResponseHeadWriter();
const requestRewrite = { omit: 0, extra: '', close: false };
const responseRewrite = { minor: 1, keepAlive: true, framing: LENGTH, omit: 0, extra: '' } as const;

function measure(name: string, run: () => void): void {
  for (let i = 0; i < TIMES; i++) run();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.hrtime.bigint();
    for (let i = 0; i < TIMES; i++) run();
    best = Math.min(best, Number(process.hrtime.bigint() - from) / TIMES);
  }
  console.log(`${name.padEnd(44)}${best.toFixed(0)} ns`);
}

/** @returns where the head ends in the slab */
function place(lines: readonly string[]): number {
  return AT + slab.write([...lines, '', ''].join('\r\n'), AT, 'latin1');
}

/** Nothing is sent: what was written is forgotten from time to time. */
function forget(): void {
  if (out.queued > 8000) out.clear();
}

for (const [name, lines] of [
  ['request', REQUEST],
  ['small request', SMALL],
] as const) {
  const end = place(lines);
  measure(`${name}, ${lines.length - 1} fields, ${end - AT} bytes: parse`, () => {
    parseRequestHead(slab, AT, end, request);
  });
  measure(`${name}: parse and write`, () => {
    parseRequestHead(slab, AT, end, request);
    requests.write(out, request, peer, requestRewrite);
    forget();
  });
}
const end = place(RESPONSE);
measure(`response, ${RESPONSE.length - 1} fields, ${end - AT} bytes: parse`, () => {
  parseResponseHead(slab, AT, end, 'GET', response);
});
measure('response: parse and write', () => {
  parseResponseHead(slab, AT, end, 'GET', response);
  responses.write(out, response, responseRewrite);
  forget();
});
const chunks = slab.write(`64\r\n${'x'.repeat(100)}\r\n0\r\n\r\n`, 0, 'latin1');
const framer = new BodyFramer(502);
measure('chunked body of 100 bytes: frame', () => {
  framer.begin(CHUNKED, -1);
  framer.advance(slab, 0, chunks);
});
