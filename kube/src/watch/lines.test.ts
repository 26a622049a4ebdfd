import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from './lines.ts';

function split(bytes: Uint8Array, sizes: number[]): string[] {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  let offset = 0;
  for (let i = 0; offset < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    lines.push(...splitter.push(bytes.subarray(offset, offset + size)));
    offset += size;
  }
  return lines;
}

test('property: lines are the same however the stream is cut, inside of characters too', () => {
  const line = fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.replaceAll(/\s/g, '·') || 'x');
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (lines, sizes) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const whole = bytes.toString('utf8').split('\n').filter(Boolean);
      expect(split(bytes, sizes)).toEqual(whole);
    }),
  );
});

test('empty lines and carriage returns are left out', () => {
  expect(split(Buffer.from('\n\r\na\r\n\nb\n'), [3])).toEqual(['a', 'b']);
});

test('a line beyond the limit is refused before it is held', () => {
  const splitter = new LineSplitter(10);
  expect(splitter.push(Buffer.from('0123456789\n'))).toEqual(['0123456789']);
  splitter.push(Buffer.from('01234'));
  expect(splitter.pending).toBe(5);
  expect(() => splitter.push(Buffer.from('567890'))).toThrow(/more than 10 bytes/);
});
