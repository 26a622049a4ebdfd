import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ProtocolError } from './protocol-error.ts';
import { ReplyFramer, TYPE_ERROR, TYPE_PUSH } from './reply-framer.ts';
import { Watched } from './testing/watched.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

interface Found {
  readonly frame: string;
  readonly type: string;
}

/** Frames and their types, then what is left or the text of an error. The framer sees each piece once, in a buffer of its own. */
function frames(input: Buffer, cuts: readonly number[] = []): { found: Found[]; rest: string } {
  const framer = new ReplyFramer();
  const found: Found[] = [];
  const ends = [...cuts.map((cut) => cut % (input.length + 1)), input.length].sort((a, b) => a - b);
  let begun = '';
  let at = 0;
  try {
    for (const end of ends) {
      const piece = Buffer.from(input.subarray(at, end));
      at = end;
      let from = 0;
      while (from < piece.length && framer.next(piece, from, piece.length)) {
        found.push({
          frame: begun + piece.toString('latin1', from, framer.end),
          type: String.fromCharCode(framer.take()),
        });
        expect(framer.fresh).toBe(true);
        begun = '';
        from = framer.end;
      }
      begun += piece.toString('latin1', from);
    }
    return { found, rest: begun };
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return { found, rest: (error as Error).message };
  }
}

const line = fc
  .uint8Array({ maxLength: 12 })
  .map((array) => Buffer.from(array.map((byte) => (byte === 10 || byte === 13 ? 46 : byte))).toString('latin1'));
const content = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array).toString('latin1'));
const bulk = (head: string, text: string): string => `${head}${text.length}\r\n${text}\r\n`;

/** Replies as a server may send them, nested, both protocols. */
const { value } = fc.letrec<{ value: string; plain: string; deep: string }>((tie) => ({
  plain: fc.oneof(
    line.map((text) => `+${text}\r\n`),
    line.map((text) => `-${text}\r\n`),
    fc.bigInt().map((number) => `:${number}\r\n`),
    fc.bigInt({ min: 2n ** 70n, max: 2n ** 80n }).map((number) => `(${number}\r\n`),
    fc.double().map((number) => `,${number}\r\n`),
    fc.constantFrom(
      '_\r\n',
      '#t\r\n',
      '#f\r\n',
      '$-1\r\n',
      '*-1\r\n',
      ',inf\r\n',
      '*0\r\n',
      '%0\r\n',
      '~0\r\n',
      '|0\r\n+a\r\n',
    ),
    content.map((text) => bulk('$', text)),
    content.map((text) => bulk('!', text)),
    content.map((text) => bulk('=', `txt:${text}`)),
  ),
  deep: fc.oneof(
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `*${items.length}\r\n${items.join('')}`),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `~${items.length}\r\n${items.join('')}`),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 2 })
      .map((pairs) => `%${pairs.length}\r\n${pairs.flat().join('')}`),
    fc
      .tuple(fc.array(fc.tuple(tie('plain'), tie('plain')), { maxLength: 2 }), tie('value'))
      .map(([pairs, of]) => `|${pairs.length}\r\n${pairs.flat().join('')}${of}`),
  ),
  value: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie('plain'), tie('deep')),
}));
const push = fc.array(value, { minLength: 1, maxLength: 3 }).map((items) => `>${items.length}\r\n${items.join('')}`);
const stream = fc.array(fc.oneof({ arbitrary: value, weight: 5 }, { arbitrary: push, weight: 1 }), { maxLength: 6 });
const cuts = fc.array(fc.nat(1000), { maxLength: 12 });

describe('replies', () => {
  test('any split of the bytes gives the same frames', () => {
    fc.assert(
      fc.property(stream, cuts, (replies, at) => {
        const { found, rest } = frames(bytes(replies.join('')), at);
        expect(found.map(({ frame }) => frame)).toEqual(replies);
        expect(rest).toBe('');
      }),
      { numRuns: 250 },
    );
  });

  test('a frame is never complete before its last byte', () => {
    fc.assert(
      fc.property(value, (reply) => {
        const input = bytes(reply);
        const all = Array.from({ length: input.length }, (_, i) => i);
        expect(frames(input, all).found).toHaveLength(1);
        expect(frames(input.subarray(0, -1)).found).toHaveLength(0);
      }),
      { numRuns: 100 },
    );
  });

  test('any bytes give frames or one ProtocolError, the same for any split', () => {
    const part = fc.constantFrom(
      '*',
      '$',
      '%',
      '|',
      '>',
      '1',
      '2',
      '0',
      '-1',
      '\r\n',
      '\r',
      '\n',
      '+a\r\n',
      '$1\r\na\r\n',
      '?',
      'x',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), cuts, (parts, at) => {
        const input = bytes(parts.join(''));
        expect(frames(input, at)).toEqual(frames(input));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['+OK\r\n', '+'],
    ['-ERR no\r\n', '-'],
    ['%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n', '%'],
    ['|1\r\n+ttl\r\n:3\r\n$1\r\na\r\n', '$'],
    ['|1\r\n+a\r\n|1\r\n+b\r\n+c\r\n+d\r\n-ERR\r\n', '-'],
    ['>2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n', '>'],
    ['=8\r\ntxt:a\r\nb\r\n', '='],
    ['!9\r\nERR a\r\nbc\r\n', '!'],
    ['(3492890328409238509324850943850943825024385\r\n', '('],
    [',-inf\r\n', ','],
    ['_\r\n', '_'],
    ['*3\r\n*-1\r\n$-1\r\n*0\r\n', '*'],
  ])('%j is one frame', (reply, type) => {
    expect(frames(bytes(`${reply}+next\r\n`)).found).toEqual([
      { frame: reply, type },
      { frame: '+next\r\n', type: '+' },
    ]);
  });

  it('tells errors and pushes apart at the top level only', () => {
    const types = frames(bytes('-E\r\n>1\r\n+a\r\n*1\r\n-E\r\n')).found.map(({ type }) => type.charCodeAt(0));
    expect(types).toEqual([TYPE_ERROR, TYPE_PUSH, '*'.charCodeAt(0)]);
  });

  it('is as deep as the server likes without a stack', () => {
    const deep = `${'*1\r\n'.repeat(100_000)}+end\r\n`;
    expect(frames(bytes(deep)).found).toHaveLength(1);
  });

  it('announces how much of a bulk is missing', () => {
    const framer = new ReplyFramer();
    const head = bytes('*2\r\n$3\r\nabc\r\n$1000000\r\nxyz');
    expect(framer.next(head, 0, head.length)).toBe(false);
    expect(framer.due).toBe(999_997);
    expect(framer.type).toBe(42);
    expect(framer.fresh).toBe(false);
  });

  it('does not look at the content of a bulk', () => {
    const input = Buffer.concat([bytes('$50000\r\n'), Buffer.alloc(50_000, '\r\n'), bytes('\r\n')]);
    const watched = new Watched(input);
    const framer = new ReplyFramer();
    for (let at = 0; at < input.length; at += 500) framer.next(watched.buffer, at, Math.min(at + 500, input.length));
    expect(framer.end).toBe(input.length);
    expect(watched.reads).toBe(10);
  });
});

describe('what is not RESP', () => {
  test.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'a reply begins with the byte 0x48'],
    ['*1\r\nx', 'a reply begins with the byte 0x78'],
    ['$?\r\n;1\r\na\r\n;0\r\n', 'a length in a reply holds the byte 0x3f'],
    ['*?\r\n+a\r\n.\r\n', 'a length in a reply holds the byte 0x3f'],
    ['$\r\n', 'a length in a reply holds the byte 0xd'],
    ['$1\n', 'a length in a reply holds the byte 0xa'],
    ['$1\r1', 'a length in a reply holds the byte 0x31'],
    ['$--1\r\n', 'a length in a reply holds the byte 0x2d'],
    ['$-2\r\n', 'a negative length in a reply'],
    ['%-1\r\n', 'a negative length in a reply'],
    ['=-1\r\n', 'a negative length in a reply'],
    ['*12345678901\r\n', 'a length in a reply has too many digits'],
    ['+OK\n', 'a line of a reply ends without CR'],
    ['$1\r\nab\r\n', 'a bulk in a reply is longer than announced'],
    ['$1\r\na\rb', 'a bulk in a reply is longer than announced'],
  ])('%j', (text, message) => {
    const all = Array.from({ length: text.length }, (_, i) => i);
    expect(frames(bytes(text)).rest).toBe(message);
    expect(frames(bytes(text), all).rest).toBe(message);
  });
});
