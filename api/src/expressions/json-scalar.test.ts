import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonScalar } from './json-scalar.ts';

const scalar = (text: string, ...path: string[]): string | undefined => {
  // In the middle of a larger buffer, whose other bytes must not count.
  const bytes = Buffer.from(`"1,${text},1"`, 'utf8');
  const names = path.map((name) => Buffer.from(name, 'utf8').toString('latin1'));
  const found = jsonScalar(bytes, 3, bytes.length - 3, names);
  return found === undefined ? undefined : Buffer.from(found, 'latin1').toString('utf8');
};

/** What JSON.parse finds at a path, by the rules of keys. */
function expected(value: unknown, path: readonly string[]): string | undefined {
  let at: unknown = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
  }
  if (typeof at === 'string') return at.toWellFormed();
  return typeof at === 'number' || typeof at === 'boolean' ? String(at === 0 ? 0 : at) : undefined;
}

function paths(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...path, name]))];
}

const document = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });

describe('a JSON scalar', () => {
  it('is what JSON.parse finds, at every path of any document, however it is spaced', () => {
    fc.assert(
      fc.property(document, fc.constantFrom('', ' ', '\n\t'), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        for (const path of paths(value)) expect(scalar(text, ...path)).toBe(expected(value, path));
        expect(scalar(text, 'not there')).toBe(expected(value, ['not there']));
      }),
      { numRuns: 300 },
    );
  });

  it('never hangs or throws on what is no JSON, and never reads past its end', () => {
    const broken = fc.tuple(document, fc.nat(), fc.uint8Array({ maxLength: 3 }));
    fc.assert(
      fc.property(broken, fc.array(fc.string(), { maxLength: 3 }), ([value, cut, noise], path) => {
        const text = Buffer.from(JSON.stringify(value));
        const at = cut % (text.length + 1);
        const bytes = Buffer.concat([text.subarray(0, at), noise]);
        const alone = jsonScalar(bytes, 0, bytes.length, path);
        const inside = Buffer.concat([bytes, Buffer.from('"}]1,')]);
        expect(jsonScalar(inside, 0, bytes.length, path)).toBe(alone);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a" 1}', ['a']],
    ['{"a": 1', ['a']],
    ['{"a": "x', ['a']],
    ['{"a": "\\x"}', ['a']],
    ['{"a": 01}', ['a']],
    ['{"a": 1e999}', ['a']],
    ['{"a": +1}', ['a']],
    ['{"a": nan}', ['a']],
    ['{"a": tru}', ['a']],
    ['{a: 1}', ['a']],
    ['{"b": , "a": 1}', ['a']],
    ['[1, 2]', ['2']],
    ['[1, 2]', ['01']],
    ['[1, 2]', ['x']],
    ['1 2', []],
    ['', []],
  ])('is not in %s', (text, path) => {
    expect(scalar(text, ...path)).toBeUndefined();
  });

  it.each([
    ['"x"', [], 'x'],
    ['\ufeff{"a": 1}', ['a'], '1'],
    ['{"a": "\\ud800"}', ['a'], '\ufffd'],
    ['{"a\\"": 1, "a": 2}', ['a'], '2'],
    ['{"a": 123456789012345678901234567890}', ['a'], '123456789012345678901234567890'],
    ['{"ä": {"ö": "ü"}}', ['ä', 'ö'], 'ü'],
  ])('of %s at %j is %s', (text, path, value) => {
    expect(scalar(text, ...path)).toBe(value);
  });

  it('is found in time that grows with the text, also where brackets never close', () => {
    const deep = `{"x": ${'['.repeat(200_000)}`;
    expect(scalar(deep, 'a')).toBeUndefined();
    expect(scalar(`${deep}${']'.repeat(200_000)}, "a": 1}`, 'a')).toBe('1');
  });
});
