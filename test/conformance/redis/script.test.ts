import { expect, test } from 'vitest';
import { parseReply, render, renderUnordered } from './reply.ts';
import { script, split } from './script.ts';
import { scripts } from './scripts/index.ts';

test('words, quotes, escapes and long values', () => {
  expect(split(String.raw`SET "a b\x00\r\n\"" 'c d' @3 @x`)).toEqual(['SET', 'a b\x00\r\n"', 'c d', 'xxx', '@x']);
  expect(() => split('SET "open')).toThrow('cannot be read from');
});

test('marks say how to compare', () => {
  expect(script('s', '# none\n~ KEYS *\n? TIME\nGET a').lines.map((line) => [line.comparison, line.parts])).toEqual([
    ['unordered', ['KEYS', '*']],
    ['type', ['TIME']],
    ['exact', ['GET', 'a']],
  ]);
});

test('scripts have names of their own and hundreds of lines', () => {
  expect(new Set(scripts.map((one) => one.name)).size).toBe(scripts.length);
  expect(scripts.reduce((sum, one) => sum + one.lines.length, 0)).toBeGreaterThan(500);
});

test('replies are parsed once they are whole, and shown with their types', () => {
  const wire = Buffer.from('%1\r\n+a\r\n*3\r\n$-1\r\n_\r\n,1.5\r\n:7\r\n');
  for (let cut = 0; cut < wire.length - 4; cut++) expect(parseReply(wire.subarray(0, cut), 0)).toBeUndefined();
  const parsed = parseReply(wire, 0);
  expect(render(parsed!.reply)).toBe('%[+"a" *[$-1 _"" ,"1.5"]]');
  expect(wire.toString('latin1', parsed!.end)).toBe(':7\r\n');
  const [one, other] = ['*2\r\n+a\r\n+b\r\n', '*2\r\n+b\r\n+a\r\n'].map(
    (text) => parseReply(Buffer.from(text), 0)!.reply,
  );
  expect(renderUnordered(one!)).toBe(renderUnordered(other!));
  expect(() => parseReply(Buffer.from('@1\r\n'), 0)).toThrow('no RESP reply');
});
