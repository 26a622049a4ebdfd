import { describe, expect, it, test } from 'vitest';
import { TRACEPARENT, X_MOTIF_ATTEMPT } from './field-kinds.ts';
import { Peer } from './peer.ts';
import { RequestHeadWriter } from './request-writer.ts';
import { passedOn, requestHead, TextSink } from './testing/messages.ts';

const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');
const request = (...fields: string[]): string => lines('GET /x?y HTTP/1.1', 'Host: a:80', ...fields);

describe('what is passed on', () => {
  it('stays as it is, byte for byte', () => {
    const text = lines('PUT /x HTTP/1.1', 'hOsT: a', 'X-A:   b  ', 'Cookie: \xe4', 'Content-Length: 3');
    expect(passedOn(text)).toBe(text);
  });

  test.each([
    ['Connection: keep-alive'],
    ['Connection: x-a\r\nX-A: 1'],
    ['Connection: close, X-a , Foo\r\nX-A: 1\r\nx-a: 2'],
    ['Keep-Alive: timeout=5'],
    ['Proxy-Connection: keep-alive'],
    ['TE: gzip'],
    ['Upgrade: h2c'],
    ['Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA'],
    ['Proxy-Authorization: Basic x'],
    ['X-Forwarded-For: 1.1.1.1'],
    ['X-Forwarded-Host: b\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nx-forwarded-anything: 2'],
    ['X-Real-IP: 1.1.1.1'],
    ['Forwarded: for=1.1.1.1'],
    ['X_Forwarded_For: 1.1.1.1'],
    ['x-forwarded_for: 1.1.1.1'],
    ['Content_Length: 5'],
    ['Transfer_Encoding: chunked'],
  ])('leaves out %j', (fields) => {
    expect(passedOn(request('X-Before: 1', ...fields.split('\r\n'), 'X-After: 2'))).toBe(
      request('X-Before: 1', 'X-After: 2'),
    );
  });

  test.each(['Host', 'Content-Length', 'Authorization', 'Cookie', 'X-Request-Id', 'Cache-Control', 'traceparent'])(
    'Connection cannot take %s away',
    (name) => {
      const value = name === 'Host' ? 'a:80' : '3';
      const fields = name === 'Host' ? [] : [`${name}: ${value}`];
      expect(passedOn(request(`Connection: ${name}`, ...fields))).toBe(request(...fields));
    },
  );

  it('keeps trailers and the expectation', () => {
    expect(passedOn(request('Trailer: X-Sum', 'Expect: 100-continue', 'Content-Length: 3'))).toBe(
      request('Trailer: X-Sum', 'Expect: 100-continue', 'Content-Length: 3'),
    );
    expect(passedOn(request('TE: trailers'))).toBe(request('TE: trailers', 'Connection: TE'));
  });

  test.each([
    [['Transfer-Encoding: Chunked'], ['Transfer-Encoding: chunked']],
    [['Content-Length: 007'], ['Content-Length: 7']],
    [
      ['Connection: upgrade', 'Upgrade: WebSocket', 'Sec-WebSocket-Key: x'],
      ['Sec-WebSocket-Key: x', 'Connection: Upgrade', 'Upgrade: websocket'],
    ],
  ])('%j becomes %j', (fields, expected) => {
    expect(passedOn(request(...fields))).toBe(request(...expected));
  });

  it('is in origin-form and of version 1.1', () => {
    expect(passedOn(lines('GET http://b?q HTTP/1.1', 'Host: a', 'X: y'))).toBe(
      lines('GET /?q HTTP/1.1', 'X: y', 'Host: b'),
    );
    expect(passedOn(lines('OPTIONS http://b HTTP/1.1', 'Host: a'))).toBe(lines('OPTIONS * HTTP/1.1', 'Host: b'));
    expect(passedOn(lines('OPTIONS http://b/ HTTP/1.1', 'Host: a'))).toBe(lines('OPTIONS / HTTP/1.1', 'Host: b'));
    expect(passedOn(lines('GET / HTTP/1.0'))).toBe(lines('GET / HTTP/1.1', 'Host: '));
    expect(passedOn(lines('GET / HTTP/1.9', 'Host: a'))).toBe(lines('GET / HTTP/1.1', 'Host: a'));
    expect(passedOn(`\r\n${request()}`)).toBe(request());
  });

  it('counts forwards down', () => {
    expect(passedOn(lines('OPTIONS * HTTP/1.1', 'Host: a', 'Max-Forwards: 5'))).toBe(
      lines('OPTIONS * HTTP/1.1', 'Host: a', 'Max-Forwards: 4'),
    );
    expect(passedOn(request('Max-Forwards: 5'))).toBe(request('Max-Forwards: 5'));
  });

  it('has the lines of the caller instead of others', () => {
    const omit = (1 << X_MOTIF_ATTEMPT) | (1 << TRACEPARENT);
    const extra = 'x-motif-attempt: 2\r\n';
    expect(passedOn(request('Traceparent: 1', 'X-Motif-Attempt: 1', 'X: y'), { omit, extra, close: true })).toBe(
      request('X: y', 'x-motif-attempt: 2', 'Connection: close'),
    );
  });

  it('names us in Via after the others', () => {
    const text = passedOn(request('Via: 1.0 first'), {}, undefined, 'motif');
    expect(text).toBe(request('Via: 1.0 first', 'Via: 1.1 motif'));
  });
});

describe('where it came from', () => {
  const stranger = new Peer('::ffff:192.0.2.1', 'http', false);
  const proxy = new Peer('2001:db8::1', 'https', true);

  it('is said for a peer that is not trusted, whatever it says', () => {
    const expected = request(
      'X-Forwarded-For: 192.0.2.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: a:80',
      'Forwarded: for=192.0.2.1;host="a:80";proto=http',
    );
    expect(passedOn(request(), {}, stranger)).toBe(expected);
    expect(passedOn(request('X-Forwarded-For: 6.6.6.6', 'Forwarded: for=6.6.6.6'), {}, stranger)).toBe(expected);
  });

  it('follows the host from request to request', () => {
    const writer = new RequestHeadWriter();
    const seen = ['a', 'b', 'bb', 'b', ''].map((host) => {
      const sink = new TextSink();
      const head = requestHead(lines('GET / HTTP/1.1', `Host: ${host}`));
      writer.write(sink, head, stranger, { omit: 0, extra: '', close: false });
      return /X-Forwarded-Host: (.*)\r\n/.exec(sink.written)?.[1];
    });
    expect(seen).toEqual(['a', 'b', 'bb', 'b', undefined]);
  });

  it('is appended to what a trusted peer says', () => {
    const fields = [
      'X-Forwarded-For: 1.1.1.1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: shop',
      'X-Forwarded-Port: 1',
    ];
    expect(passedOn(request(...fields, 'x-forwarded-for: 2.2.2.2', 'Forwarded: for=1.1.1.1'), {}, proxy)).toBe(
      request(
        ...fields.slice(1),
        'X-Forwarded-For: 1.1.1.1, 2.2.2.2, 2001:db8::1',
        'Forwarded: for=1.1.1.1, for="[2001:db8::1]";host="a:80";proto=https',
      ),
    );
  });

  it('is complete where a trusted peer says only a part, and not swallowed by an open quote', () => {
    expect(passedOn(request('Forwarded: for="x'), {}, proxy)).toBe(
      request(
        'X-Forwarded-For: 2001:db8::1',
        'X-Forwarded-Proto: https',
        'X-Forwarded-Host: a:80',
        'Forwarded: for="[2001:db8::1]";host="a:80";proto=https',
      ),
    );
  });
});
