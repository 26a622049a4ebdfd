import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { inlineToFrame } from './inline.ts';
import { ProtocolError } from './protocol-error.ts';
import { FRAME, RequestScanner } from './request-scanner.ts';

function argsOf(line: string): string[] {
  const frame = inlineToFrame(Buffer.from(`${line}\r\n`, 'latin1'));
  if (frame.length === 0) return [];
  const scanner = new RequestScanner();
  scanner.begin(frame, 0);
  expect(scanner.next(frame.length)).toBe(FRAME);
  expect(scanner.position).toBe(frame.length);
  return Array.from({ length: scanner.count }, (_, i) => frame.toString('latin1', scanner.starts[i], scanner.ends[i]));
}

/** As Redis's `sdscatrepr` writes a string so that `sdssplitargs` reads it back. */
function quoted(text: string): string {
  const escaped = [...text].map((char) => {
    if (char === '"' || char === '\\') return `\\${char}`;
    return /[ -~]/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

describe('inline commands', () => {
  test.each([
    ['PING', ['PING']],
    ['  SET  key\tvalue  ', ['SET', 'key', 'value']],
    ['SET k "a b"', ['SET', 'k', 'a b']],
    ['SET k ""', ['SET', 'k', '']],
    ["SET k ''", ['SET', 'k', '']],
    ['SET k "\\x41\\n\\r\\t\\b\\a\\\\\\"\\q"', ['SET', 'k', 'A\n\r\t\b\x07\\"q']],
    ['SET k "\\xZZ"', ['SET', 'k', 'xZZ']],
    ["SET k 'a\\'b\\n'", ['SET', 'k', "a'b\\n"]],
    ['SET k pre"fix ed"', ['SET', 'k', 'prefix ed']],
    ['SET k a\\nb', ['SET', 'k', 'a\\nb']],
    ['', []],
    [' \t ', []],
  ])('%j', (line, args) => {
    expect(argsOf(line)).toEqual(args);
  });

  test.each(['SET k "a', "SET k 'a", 'SET k "a"b', "SET k 'a'b", 'SET k "a\\', '"a""b"'])(
    '%j does not balance',
    (line) => {
      expect(() => argsOf(line)).toThrow(new ProtocolError('Protocol error: unbalanced quotes in request'));
    },
  );

  it('ends with or without a carriage return', () => {
    expect(inlineToFrame(Buffer.from('PING\n')).toString()).toBe('*1\r\n$4\r\nPING\r\n');
  });

  it('takes only what C calls a space for one: the byte 0xA0 is part of many characters in UTF-8', () => {
    const word = Buffer.from('à', 'utf8').toString('latin1');
    expect(argsOf(`SET k ${word}`)).toEqual(['SET', 'k', word]);
    expect(argsOf('a\x0bb\x0cc')).toEqual(['a', 'b', 'c']);
  });

  test('whatever is quoted comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 12 }), { minLength: 1, maxLength: 5 }), (args) => {
        const texts = args.map((arg) => Buffer.from(arg).toString('latin1'));
        expect(argsOf(texts.map(quoted).join(' '))).toEqual(texts);
      }),
      { numRuns: 200 },
    );
  });

  test('any line gives arguments or a ProtocolError', () => {
    const line = fc.array(fc.constantFrom('a', ' ', '"', "'", '\\', 'x41', '\\x4', '\t', '\xff'), { maxLength: 20 });
    fc.assert(
      fc.property(line, (parts) => {
        try {
          argsOf(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
