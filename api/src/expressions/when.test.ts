import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from './error.ts';
import { requestView } from './testing.ts';
import { compileWhen } from './when.ts';

const view = requestView({
  method: 'POST',
  target: '/carts/7?debug=1',
  headers: [
    ['Host', 'shop.example'],
    ['X-Variant', 'candidate'],
    ['X-Empty', ''],
    ['X-City', Buffer.from('Zürich').toString('latin1')],
    ['Cookie', 'session=abc'],
  ],
});

describe('a condition', () => {
  it.each<[string, boolean]>([
    ['cookie:session', true],
    ['cookie:other', false],
    ['header:x-empty', false],
    ['!cookie:other', true],
    ['! cookie:session', false],
    ['header:x-variant == candidate', true],
    ['header:x-variant=="candidate"', true],
    ['header:x-variant != candidate', false],
    ['header:x-other != candidate', true],
    ['header:x-other == ""', true],
    ['header:x-city == "Zürich"', true],
    ['method in [GET, HEAD]', false],
    ['method in ["POST"]', true],
    ['!method in [GET, HEAD]', true],
    ['!path[0] == carts', false],
    ['path == /carts/7', true],
    ['host + path == shop.example/carts/7', true],
    ['host + cookie:other', false],
    ['query:debug == 1 && method == POST', true],
    ['cookie:other && cookie:other || cookie:session', true],
    ['cookie:session || cookie:other && cookie:other', true],
    ['cookie:other || cookie:session && !cookie:other', true],
  ])('%s is %s', (text, holds) => {
    expect(compileWhen(text).matches(view)).toBe(holds);
  });

  it('binds && closer than ||, as JavaScript does', () => {
    const operand = fc.boolean().map((on) => ({ text: on ? 'cookie:session' : 'cookie:other', on }));
    const chain = fc.array(fc.tuple(operand, fc.constantFrom('&&', '||'), fc.boolean()), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(chain, (links) => {
        const text = links.map(
          ([{ text }, symbol, not], i) => `${not ? '!' : ''}${text}${links[i + 1] ? ` ${symbol} ` : ''}`,
        );
        const disjunction = links.reduce<boolean[][]>(
          (groups, [{ on }, , not], i) => {
            if (i > 0 && links[i - 1]?.[1] === '||') groups.push([]);
            groups.at(-1)?.push(on !== not);
            return groups;
          },
          [[]],
        );
        expect(compileWhen(text.join('')).matches(view)).toBe(disjunction.some((all) => all.every(Boolean)));
      }),
    );
  });

  it('says what has to be at hand', () => {
    expect(compileWhen('cookie:a || json:b == 1').needs).toEqual({ body: true, country: false, ip: false });
  });

  it.each<[string, number, string]>([
    ['', 0, 'header:NAME'],
    ['header:a == ', 12, 'a word'],
    ['header:a = b', 9, '=='],
    ['header:a == b c', 14, '&&'],
    ['header:a == header:b', 18, '&&'],
    ['header:a in b', 12, '"["'],
    ['header:a in []', 13, 'a word'],
    ['header:a in [b c]', 15, ', or ]'],
    ['(header:a)', 0, 'header:NAME'],
    ['header:a && ', 12, 'header:NAME'],
    ['!!header:a', 1, 'header:NAME'],
    ['header:a & header:b', 9, '&&'],
  ])('is refused as %j, at %d', (text, position, allowed) => {
    expect(() => compileWhen(text)).toThrow(ExpressionError);
    expect(() => compileWhen(text)).toThrow(
      expect.objectContaining({ position, allowed: expect.stringContaining(allowed) }),
    );
  });

  it('is taken or refused with a position inside of it, whatever it is', () => {
    const pieces = fc.constantFrom(
      'header:a',
      '==',
      '!=',
      'in',
      '[',
      ']',
      ',',
      '!',
      '&&',
      '||',
      ' ',
      'b',
      '"',
      '+',
      '"c"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (all) => {
        const text = all.join('');
        try {
          expect(typeof compileWhen(text).matches(view)).toBe('boolean');
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
