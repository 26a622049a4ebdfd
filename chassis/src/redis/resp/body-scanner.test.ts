import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { BodyScanner } from './body-scanner.ts';
import { MAX_BULK_BYTES } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';
import { MORE, RequestScanner } from './request-scanner.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const body = (args: readonly Uint8Array[]): Buffer =>
  Buffer.concat(args.flatMap((arg) => [bytes(`$${arg.length}\r\n`), arg, bytes('\r\n')]));

/** Feeds pieces as they are cut and says how many bytes were taken in all. */
function feed(scanner: BodyScanner, input: Buffer, cuts: readonly number[]): number {
  let taken = 0;
  const ends = [...cuts.map((cut) => cut % (input.length + 1)), input.length].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    if (scanner.done) break;
    const piece = Buffer.from(input.subarray(from, end));
    taken += scanner.take(piece, 0, piece.length);
    from = end;
  }
  return taken;
}

const args = fc.array(fc.uint8Array({ maxLength: 30 }), { minLength: 1, maxLength: 5 });
const cuts = fc.array(fc.nat(300), { maxLength: 10 });

describe('the rest of a long request', () => {
  test('any split finds the same end, and takes nothing of what follows', () => {
    fc.assert(
      fc.property(args, cuts, (parts, at) => {
        const rest = body(parts);
        const scanner = new BodyScanner(parts.length, 0);
        expect(feed(scanner, Buffer.concat([rest, bytes('*1\r\n')]), at)).toBe(rest.length);
        expect(scanner.done).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('it goes on wherever a RequestScanner stopped', () => {
    const input = Buffer.concat([bytes('*3\r\n'), body([bytes('SET'), bytes('k'), bytes('value')])]);
    for (let cut = 4; cut < input.length; cut++) {
      const scanner = new RequestScanner();
      scanner.begin(input, 0);
      expect(scanner.next(cut)).toBe(MORE);
      const rest = new BodyScanner(scanner.missing, scanner.bulk === -1 ? 0 : scanner.bulk + 2);
      expect(scanner.position + rest.take(input, scanner.position, input.length)).toBe(input.length);
      expect(rest.done).toBe(true);
    }
  });

  test.each([
    ['x1\r\na\r\n', 'Protocol error: invalid bulk length'],
    ['$-1\r\n', 'Protocol error: invalid bulk length'],
    ['$01\r\na\r\n', 'Protocol error: invalid bulk length'],
    ['$1\na\r\n', 'Protocol error: invalid bulk length'],
    [`$${MAX_BULK_BYTES + 1}\r\n`, 'Protocol error: invalid bulk length'],
    [`$${'0'.repeat(40)}`, 'Protocol error: invalid bulk length'],
    ['$1\r\nabb', 'Protocol error: expected CRLF after a bulk'],
    ['$1\r\na\rb', 'Protocol error: expected CRLF after a bulk'],
  ])('%j is refused in any split', (text, message) => {
    const input = bytes(text);
    const all = Array.from({ length: input.length }, (_, i) => i);
    expect(() => feed(new BodyScanner(1, 0), input, [])).toThrow(new ProtocolError(message));
    expect(() => feed(new BodyScanner(1, 0), input, all)).toThrow(new ProtocolError(message));
  });

  it('accepts the largest argument there may be', () => {
    const scanner = new BodyScanner(1, 0);
    const header = bytes(`$${MAX_BULK_BYTES}\r\n`);
    expect(scanner.take(header, 0, header.length)).toBe(header.length);
    expect(scanner.done).toBe(false);
  });
});
