import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { MAX_ARGUMENTS, MAX_BULK_BYTES, MAX_INLINE_BYTES } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';
import { FRAME, INLINE, MORE, RequestScanner } from './request-scanner.ts';
import { Watched } from './testing/watched.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const requestOf = (args: readonly Uint8Array[]): Buffer =>
  Buffer.concat([
    bytes(`*${args.length}\r\n`),
    ...args.flatMap((arg) => [bytes(`$${arg.length}\r\n`), arg, bytes('\r\n')]),
  ]);

/** All that was found: arrays by their arguments, inline lines as they are, and an error's text at the end. */
function scan(input: Buffer, cuts: readonly number[] = [], trusted = true): unknown[] {
  const scanner = new RequestScanner();
  scanner.trusted = trusted;
  scanner.begin(input, 0);
  const found: unknown[] = [];
  const ends = [...new Set(cuts.map((cut) => cut % (input.length + 1)))].sort((a, b) => a - b);
  try {
    for (const end of [...ends, input.length]) {
      for (let result = scanner.next(end); result !== MORE; result = scanner.next(end)) {
        if (result === INLINE) found.push(input.toString('latin1', scanner.start, scanner.position));
        else
          found.push(
            Array.from({ length: scanner.count }, (_, i) =>
              input.toString('latin1', scanner.starts[i], scanner.ends[i]),
            ),
          );
      }
    }
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    found.push((error as Error).message);
  }
  return found;
}

const arg = fc.uint8Array({ maxLength: 40 });
const frame = fc.array(arg, { minLength: 1, maxLength: 6 });
const cuts = fc.array(fc.nat(2000), { maxLength: 12 });
/** Bytes that often look like requests. */
const nearly = fc
  .array(fc.constantFrom('*', '$', '1', '2', '0', '-', '\r\n', '\r', '\n', 'a', ' ', '"', '*1\r\n', '$1\r\n', '*99'), {
    maxLength: 40,
  })
  .map((parts) => bytes(parts.join('')));

describe('requests', () => {
  test('any split of the bytes gives the same requests', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), cuts, (frames, at) => {
        const input = Buffer.concat(frames.map(requestOf));
        const wanted = frames.map((one) => one.map((part) => Buffer.from(part).toString('latin1')));
        expect(scan(input, at)).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });

  test('any bytes give requests or one ProtocolError, the same for any split', () => {
    fc.assert(
      fc.property(nearly, cuts, (input, at) => {
        expect(scan(input, at)).toEqual(scan(input));
      }),
      { numRuns: 500 },
    );
  });

  test('byte by byte, arrays and inline lines mixed', () => {
    const input = bytes('*1\r\n$4\r\nPING\r\nGET a\r\n*0\r\n\r\n*-1\r\n*2\r\n$0\r\n\r\n$2\r\n\r\n\r\n');
    const all = Array.from({ length: input.length }, (_, i) => i);
    expect(scan(input, all)).toEqual([['PING'], 'GET a\r\n', '\r\n', ['', '\r\n']]);
  });

  it('says where each frame begins and ends, empty arrays before it not included', () => {
    const scanner = new RequestScanner();
    const input = bytes('*0\r\n*1\r\n$1\r\na\r\n');
    scanner.begin(input, 0);
    expect(scanner.next(input.length)).toBe(FRAME);
    expect([scanner.start, scanner.position]).toEqual([4, input.length]);
  });

  it('goes on after the bytes have moved into another buffer, whichever part of a frame they end in', () => {
    const input = requestOf([bytes('SET'), bytes('key'), bytes('value')]);
    for (let cut = 0; cut <= input.length; cut++) {
      const scanner = new RequestScanner();
      const padded = Buffer.concat([bytes('#####'), input]);
      scanner.begin(padded, 5);
      if (scanner.next(5 + cut) === MORE) {
        const moved = Buffer.concat([bytes('##'), input]);
        scanner.move(moved, 2);
        expect(scanner.next(moved.length)).toBe(FRAME);
      }
      const texts = [0, 1, 2].map((i) => scanner.buffer.toString('latin1', scanner.starts[i], scanner.ends[i]));
      expect(texts).toEqual(['SET', 'key', 'value']);
    }
  });

  it('takes more arguments than it had room for', () => {
    const args = Array.from({ length: 1000 }, (_, i) => String(i));
    expect(scan(requestOf(args.map(bytes)), [3000])).toEqual([args]);
  });

  it('does not look at the content of an argument', () => {
    const content = Buffer.alloc(100_000, 'x');
    const input = Buffer.concat([bytes('*1\r\n$100000\r\n'), content, bytes('\r\n')]);
    const watched = new Watched(input);
    const scanner = new RequestScanner();
    scanner.begin(watched.buffer, 0);
    for (let end = 0; end < input.length; end += 1000) expect(scanner.next(end)).toBe(MORE);
    expect(scanner.announced).toBe(input.length);
    expect(scanner.next(input.length)).toBe(FRAME);
    // The two headers and the line end, each once.
    expect(watched.reads).toBeLessThanOrEqual(32);
  });

  it('searches an inline line on from where it stopped', () => {
    const input = Buffer.concat([Buffer.alloc(5000, 'x'), bytes('\r\n')]);
    const watched = new Watched(input);
    const scanner = new RequestScanner();
    scanner.begin(watched.buffer, 0);
    for (let end = 1; end < input.length; end += 10) expect(scanner.next(end)).toBe(MORE);
    expect(scanner.next(input.length)).toBe(INLINE);
    expect(watched.reads).toBeLessThan(input.length + 2 * 501);
  });
});

describe('what Redis refuses, in its words', () => {
  test.each([
    ['*a\r\n', 'Protocol error: invalid multibulk length'],
    ['*\r\n', 'Protocol error: invalid multibulk length'],
    ['*01\r\n', 'Protocol error: invalid multibulk length'],
    ['*1 \r\n', 'Protocol error: invalid multibulk length'],
    ['*1\n', 'Protocol error: invalid multibulk length'],
    [`*${MAX_ARGUMENTS + 1}\r\n`, 'Protocol error: invalid multibulk length'],
    ['*9999999999999999999\r\n', 'Protocol error: invalid multibulk length'],
    [`*${'1'.repeat(40)}`, 'Protocol error: invalid multibulk length'],
    ['*1\r\n:1\r\n', "Protocol error: expected '$', got ':'"],
    ['*1\r\n\x01', "Protocol error: expected '$', got '?'"],
    ['*1\r\n$-1\r\n', 'Protocol error: invalid bulk length'],
    ['*1\r\n$x\r\n', 'Protocol error: invalid bulk length'],
    ['*1\r\n$\r\n', 'Protocol error: invalid bulk length'],
    [`*1\r\n$${MAX_BULK_BYTES + 1}\r\n`, 'Protocol error: invalid bulk length'],
    ['x'.repeat(MAX_INLINE_BYTES + 1), 'Protocol error: too big inline request'],
  ])('%j', (text, message) => {
    const input = bytes(text.slice(0, 100_000));
    expect(scan(input)).toEqual([message]);
    expect(scan(input, [1, 2, 3, 4, 5, 6])).toEqual([message]);
  });

  it('waits for what is as large as allowed', () => {
    expect(scan(bytes(`*${MAX_ARGUMENTS}\r\n$${MAX_BULK_BYTES}\r\n`))).toEqual([]);
    expect(scan(bytes('x'.repeat(MAX_INLINE_BYTES)))).toEqual([]);
    expect(scan(bytes(`${'x'.repeat(MAX_INLINE_BYTES)}\n`))).toHaveLength(1);
  });

  it('a bulk that is longer than announced is an error instead of a shift of everything that follows', () => {
    expect(scan(bytes('*1\r\n$1\r\nabc\r\n'))).toEqual(['Protocol error: expected CRLF after a bulk']);
  });

  test('clients that have not authenticated get the smaller limits', () => {
    expect(scan(bytes('*11\r\n'), [], false)).toEqual(['Protocol error: unauthenticated multibulk length']);
    expect(scan(bytes('*1\r\n$16385\r\n'), [], false)).toEqual(['Protocol error: unauthenticated bulk length']);
    expect(scan(bytes('*10\r\n$16384\r\n'), [], false)).toEqual([]);
  });
});
