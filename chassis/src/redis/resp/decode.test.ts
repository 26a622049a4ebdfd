import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decodeReply, ReplyError, type Value } from './decode.ts';
import { array, bulk, error, integer, map, nullBulk, OK, request } from './encode.ts';
import { ReplyFramer } from './reply-framer.ts';
import { FRAME, RequestScanner } from './request-scanner.ts';

const decode = (text: string): Value => decodeReply(Buffer.from(text, 'latin1'));

describe('a reply as a value', () => {
  test.each<[string, Value]>([
    ['+OK\r\n', 'OK'],
    [':-12\r\n', -12],
    [':9223372036854775807\r\n', 9223372036854775807n],
    ['(123456789012345678901234567890\r\n', 123456789012345678901234567890n],
    [',1.5\r\n', 1.5],
    [',inf\r\n', Number.POSITIVE_INFINITY],
    [',-inf\r\n', Number.NEGATIVE_INFINITY],
    [',nan\r\n', Number.NaN],
    ['#t\r\n', true],
    ['#f\r\n', false],
    ['_\r\n', null],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['$4\r\na\r\nb\r\n', 'a\r\nb'],
    ['=7\r\ntxt:abc\r\n', 'abc'],
    ['*2\r\n:1\r\n*1\r\n$1\r\nx\r\n', [1, ['x']]],
    ['~1\r\n+a\r\n', ['a']],
    ['>2\r\n+a\r\n+b\r\n', ['a', 'b']],
    ['%1\r\n+a\r\n:1\r\n', new Map<Value, Value>([['a', 1]])],
    ['|1\r\n+ttl\r\n:3\r\n+a\r\n', 'a'],
    ['*2\r\n|1\r\n+ttl\r\n:3\r\n+a\r\n+b\r\n', ['a', 'b']],
  ])('%j', (text, value) => {
    expect(decode(text)).toEqual(value);
  });

  test.each(['-ERR no\r\n', '!6\r\nERR no\r\n'])('%j is an error as a value', (text) => {
    const value = decode(text);
    expect(value).toBeInstanceOf(ReplyError);
    expect(value).toMatchObject({ code: 'ReplyError', message: 'ERR no' });
  });
});

describe('texts of RESP', () => {
  const latin1 = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

  test('what is encoded is one frame, and decoded it is what it was', () => {
    fc.assert(
      fc.property(fc.array(latin1, { maxLength: 5 }), fc.bigInt(), (texts, number) => {
        const text = array([...texts.map(bulk), integer(number)]);
        const bytes = Buffer.from(text, 'latin1');
        const framer = new ReplyFramer();
        expect(framer.next(bytes, 0, bytes.length)).toBe(true);
        expect(framer.end).toBe(bytes.length);
        const last = Number.isSafeInteger(Number(number)) ? Number(number) : number;
        expect(decodeReply(bytes)).toEqual([...texts, last]);
      }),
      { numRuns: 100 },
    );
  });

  test('a request is what the scanner reads', () => {
    fc.assert(
      fc.property(fc.array(latin1, { minLength: 1, maxLength: 5 }), (args) => {
        const bytes = Buffer.from(request(args), 'latin1');
        const scanner = new RequestScanner();
        scanner.begin(bytes, 0);
        expect(scanner.next(bytes.length)).toBe(FRAME);
        expect(args.map((_, i) => bytes.toString('latin1', scanner.starts[i], scanner.ends[i]))).toEqual(args);
      }),
      { numRuns: 100 },
    );
  });

  it('differs by protocol only where RESP3 has a type of its own', () => {
    expect(nullBulk(2)).toBe('$-1\r\n');
    expect(nullBulk(3)).toBe('_\r\n');
    expect(map(2, [[bulk('a'), integer(1)]])).toBe('*2\r\n$1\r\na\r\n:1\r\n');
    expect(map(3, [[bulk('a'), integer(1)]])).toBe('%1\r\n$1\r\na\r\n:1\r\n');
    expect(decode(OK)).toBe('OK');
    expect(decode(error('ERR no'))).toBeInstanceOf(ReplyError);
  });
});
