import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { BodyFramer } from './body-framer.ts';
import { CHUNKED, CLOSE, type Framing, LENGTH, NONE } from './framing.ts';
import { MAX_CHUNK_EXTENSION_BYTES, MAX_CHUNK_EXTENSIONS_BYTES, MAX_TRAILER_BYTES } from './limits.ts';
import { refusal } from './testing/messages.ts';

interface Read {
  readonly content: string;
  /** Bytes that do not belong to the body, or the refusal. */
  readonly rest: string;
  readonly done: boolean;
}

/** Reads a body that arrives in pieces, each in a buffer of its own with other bytes around it. */
function read(framing: Framing, length: number, text: string, cuts: readonly number[] = []): Read {
  const framer = new BodyFramer(400);
  let content = '';
  framer.sink = (buffer, start, end) => {
    content += buffer.toString('latin1', start, end);
  };
  framer.begin(framing, length);
  const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  let at = 0;
  let rest = '';
  const refused = refusal(() => {
    for (const end of ends) {
      const piece = Buffer.from(`##${text.slice(at, end)}##`, 'latin1');
      const past = framer.advance(piece, 2, piece.length - 2);
      if (!framer.done) expect(past).toBe(piece.length - 2);
      rest += piece.toString('latin1', past, piece.length - 2);
      at = end;
    }
  });
  if (refused === undefined) expect(framer.content).toBe(content.length);
  return refused === undefined ? { content, rest, done: framer.done } : { content: '', rest: refused, done: false };
}

const chunked = (text: string, cuts?: readonly number[]): Read => read(CHUNKED, -1, text, cuts);

describe('bodies without chunks', () => {
  it('ends where it is said to end', () => {
    expect(read(LENGTH, 3, 'abcdef', [1])).toEqual({ content: 'abc', rest: 'def', done: true });
    expect(read(LENGTH, 3, 'ab')).toEqual({ content: 'ab', rest: '', done: false });
    expect(read(LENGTH, 0, 'ab')).toEqual({ content: '', rest: 'ab', done: true });
    expect(read(NONE, 5, 'ab')).toEqual({ content: '', rest: 'ab', done: true });
    expect(read(CLOSE, -1, 'ab', [1])).toEqual({ content: 'ab', rest: '', done: false });
  });

  it('knows whether the connection may end', () => {
    const framer = new BodyFramer(502);
    const may = (framing: Framing, length: number): boolean => {
      framer.begin(framing, length);
      return framer.mayEnd;
    };
    expect([may(CLOSE, -1), may(LENGTH, 1), may(CHUNKED, -1), may(LENGTH, 0), may(NONE, 0)]).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('chunks', () => {
  test.each([
    ['0\r\n\r\nnext', '', 'next'],
    ['3\r\nabc\r\n0\r\n\r\nnext', 'abc', 'next'],
    ['0003\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n', 'abc0123456789', ''],
    ['3;a\r\nabc\r\n0;b=c;d="e;\\"\r\n"\r\n\r\n', '400 BadChunk', ''],
    ['3;a;b=c;d="e;\\" \xe4"\r\nabc\r\n0;z="";y\r\n\r\n', 'abc', ''],
    ['1\r\na\r\n0\r\nX-Sum: 1\r\nServer-Timing:\t x \r\n\r\nn', 'a', 'n'],
    ['1\r\na\r\n00000\r\n\r\n', 'a', ''],
  ])('%j', (text, content, rest) => {
    const found = chunked(text);
    expect(found.done ? [found.content, found.rest] : [found.rest, '']).toEqual([content, rest]);
  });

  test.each([
    ['\r\n', '400 BadChunk'],
    ['g\r\n', '400 BadChunk'],
    ['-1\r\n', '400 BadChunk'],
    ['0x3\r\nabc', '400 BadChunk'],
    [' 3\r\nabc', '400 BadChunk'],
    ['3 \r\nabc', '400 BadChunk'],
    ['3 ;a\r\nabc', '400 BadChunk'],
    ['3;\r\nabc', '400 BadChunk'],
    ['3;a=\r\nabc', '400 BadChunk'],
    ['3;a=b=c\r\nabc', '400 BadChunk'],
    ['3; a\r\nabc', '400 BadChunk'],
    ['3;a="b"c\r\nabc', '400 BadChunk'],
    ['3;a="b\r\nabc', '400 BadChunk'],
    ['3;a\n', '400 BadChunk'],
    ['3;a\rb\n', '400 BadChunk'],
    ['3\nabc', '400 BadChunk'],
    ['3\rabc', '400 BadChunk'],
    ['3\r\nabcd\r\n', '400 BadChunk'],
    ['3\r\nabc\n0\r\n', '400 BadChunk'],
    ['3\r\nabc0\r\n\r\n', '400 BadChunk'],
    ['20000000000000\r\n', '400 BadChunk'],
    ['00000000000000003\r\n', '400 BadChunk'],
    ['0\r\n\nX', '400 BadTrailer'],
    ['0\r\n\rX', '400 BadChunk'],
    ['0\r\nX: a\nY: b\r\n\r\n', '400 BadTrailer'],
    ['0\r\nX: a\rY: b\r\n\r\n', '400 BadChunk'],
    ['0\r\nX : a\r\n', '400 BadTrailer'],
    ['0\r\nX: a\r\n b\r\n', '400 BadTrailer'],
    ['0\r\nX\r\n', '400 BadTrailer'],
    ['0\r\n: a\r\n', '400 BadTrailer'],
    ['0\r\nX: \0\r\n', '400 BadTrailer'],
    ['0\r\nContent-Length: 1\r\n\r\n', '400 ForbiddenTrailer'],
    ['0\r\ntransfer-encoding: chunked\r\n\r\n', '400 ForbiddenTrailer'],
    ['0\r\nHost: b\r\n\r\n', '400 ForbiddenTrailer'],
    ['0\r\nX-FORWARDED-FOR: 1\r\n\r\n', '400 ForbiddenTrailer'],
    ['0\r\nx_forwarded_for: 1\r\n\r\n', '400 ForbiddenTrailer'],
    ['0\r\nAuthorization: x\r\n\r\n', '400 ForbiddenTrailer'],
    ['0\r\nSet-Cookie: x\r\n\r\n', '400 ForbiddenTrailer'],
  ])('refuses %j', (text, expected) => {
    expect(chunked(text)).toEqual({ content: '', rest: expected, done: false });
  });

  test.each([
    ['one long extension', `1;${'a'.repeat(MAX_CHUNK_EXTENSION_BYTES)}\r\n`, '400 ChunkExtensionTooLong'],
    [
      'many extensions',
      `1;${'a'.repeat(200)}\r\na\r\n`.repeat(MAX_CHUNK_EXTENSIONS_BYTES / 128),
      '400 ChunkExtensionTooLong',
    ],
    ['many trailers', `0\r\n${'a: b\r\n'.repeat(MAX_TRAILER_BYTES / 4)}`, '431 TrailersTooLong'],
    ['a long trailer', `0\r\n${'a'.repeat(MAX_TRAILER_BYTES + 1)}`, '431 TrailersTooLong'],
  ])('refuses %s', (_, text, expected) => {
    expect(chunked(text)).toEqual({ content: '', rest: expected, done: false });
  });

  it('are begun anew for each body', () => {
    const framer = new BodyFramer(400);
    for (let i = 0; i < 3; i++) {
      framer.begin(CHUNKED, -1);
      const bytes = Buffer.from('1;e=1\r\na\r\n0\r\nX: y\r\n\r\nrest');
      expect(framer.advance(bytes, 0, bytes.length)).toBe(bytes.length - 4);
      expect(framer).toMatchObject({ done: true, content: 1, trailers: true });
    }
  });

  const extension = fc.constantFrom('', '', ';a', ';a=b', ';a="b \\" c"', ';');
  const piece = fc
    .tuple(fc.string({ unit: 'binary', maxLength: 20 }), extension, fc.boolean())
    .map(([text, ext, upper]) => {
      const data = Buffer.from(text).toString('latin1');
      const size = data.length.toString(16);
      return data === '' ? '' : `${upper ? size.toUpperCase() : size}${ext}\r\n${data}\r\n`;
    });
  const end = fc.constantFrom(
    '0\r\n\r\n',
    '0\r\nX: y\r\n\r\nGET',
    '0\r\nHost: y\r\n\r\n',
    '0',
    '0\r\n\r',
    '0\r\nX',
    'z',
  );

  it('mean the same wherever they are cut', () => {
    fc.assert(
      fc.property(fc.array(piece), end, fc.array(fc.nat(), { maxLength: 6 }), (pieces, last, cuts) => {
        const text = pieces.join('') + last;
        expect(chunked(text, cuts)).toEqual(chunked(text));
        expect(
          chunked(
            text,
            [...text].map((_, at) => at),
          ),
        ).toEqual(chunked(text));
      }),
      { numRuns: 1000 },
    );
  });
});
