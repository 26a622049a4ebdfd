import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badExpressions } from './bad-expressions.ts';
import { ExpressionError } from './error.ts';
import { KEY_FORM } from './grammar.ts';
import { parseKeyExpression } from './parse.ts';
import { asLatin1, type Part } from './syntax.ts';

const valid = new RegExp(KEY_FORM.valid, 'u');
const understood = new RegExp(KEY_FORM.understood, 'u');

function errorOf(expression: string): ExpressionError | undefined {
  try {
    parseKeyExpression(expression);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

const bare = (alphabet: string) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 12 }).map((text) => ({ text, name: text }));
const letters = 'abzAZ019-_~';
const quoted = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed())
  .map((text) => ({ text: `"${text.replaceAll(/["\\]/g, '\\$&')}"`, name: asLatin1(text) }));
const name = fc.oneof(bare(`${letters}.`), quoted);

interface Written {
  readonly text: string;
  readonly part: Part;
}
const written = (text: string, part: Part): Written => ({ text, part });

/** A part as somebody writes it, and as it must be understood. */
const part: fc.Arbitrary<Written> = fc.oneof(
  bare(`${letters}.`).map((n) => written(`header:${n.text}`, { kind: 'header', name: n.name.toLowerCase() })),
  bare("#$%&'*+^`|!").map((n) => written(`cookie:"${n.text}"`, { kind: 'cookie', name: n.name })),
  name.map((n) => written(`query:${n.text}`, { kind: 'query', name: n.name })),
  fc.array(fc.oneof(bare(letters), quoted), { minLength: 1, maxLength: 3 }).map((names) =>
    written(`json:${names.map(({ text }) => text).join('.')}`, {
      kind: 'json',
      path: names.map((n) => n.name),
    }),
  ),
  fc.integer({ min: 0, max: 99 }).map((index) => written(`path[${index}]`, { kind: 'segment', index })),
  fc.constantFrom('path', 'uri', 'host', 'method', 'ip').map((kind) => written(kind, { kind } as Part)),
  fc.constant(written('country(ip)', { kind: 'country' })),
  quoted.map((n) => written(n.text, { kind: 'text', text: n.name })),
);
const spaces = fc.constantFrom('', ' ', '  ');
const expression = fc.array(fc.tuple(spaces, part, spaces), { minLength: 1, maxLength: 8 }).map((parts) => ({
  text: parts.map(([before, { text }, after]) => `${before}${text}${after}`).join('+'),
  parts: parts.map(([, { part: one }]) => one),
}));

describe('an expression of a key', () => {
  it('is understood as it was meant, however it is spaced, and has the published form', () => {
    fc.assert(
      fc.property(expression, ({ text, parts }) => {
        expect(parseKeyExpression(text)).toEqual(parts);
        expect(text).toMatch(valid);
        expect(understood.exec(text)?.[0]).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('has the published form exactly when the parser takes it', () => {
    const pieces = fc.constantFrom(
      ...['header:', 'cookie:', 'query:', 'json:', 'path', '[', ']', '0', '99', '100', 'uri', 'host', 'ip', 'country'],
      ...['(ip)', '"', '\\', '+', ' + ', '.', 'a', 'ü', '-', ' ', '\t', '\u0085', '=', '""', '"a"', '😀'],
    );
    const soup = fc.array(pieces, { maxLength: 8 }).map((all) => all.join(''));
    const damaged = fc
      .tuple(expression, fc.nat(), fc.nat({ max: 2 }), pieces)
      .map(([{ text }, at, length, piece]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + piece + text.slice(from + length);
      })
      .filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(fc.oneof(soup, damaged, fc.string()), (text) => {
        const error = errorOf(text);
        expect(valid.test(text)).toBe(error === undefined);
        if (error === undefined) return;
        expect(error.position).toBeLessThanOrEqual(text.length);
        // What the rule of the API server quotes is never more than what the parser understood.
        expect(error.understood.startsWith(understood.exec(text)?.[0].trimEnd() ?? '')).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('tells by its form what the parser tells by its parts', () => {
    fc.assert(
      fc.property(expression, ({ text, parts }) => {
        const has = (...kinds: Part['kind'][]): boolean => parts.some(({ kind }) => kinds.includes(kind));
        expect(new RegExp(KEY_FORM.country, 'u').test(text)).toBe(has('country'));
        expect(new RegExp(KEY_FORM.joined, 'u').test(text)).toBe(parts.length > 1);
        const peerOnly = parts.every(({ kind }) => kind === 'ip' || kind === 'country' || kind === 'text');
        expect(new RegExp(KEY_FORM.peerOnly, 'u').test(text)).toBe(peerOnly);
      }),
      { numRuns: 500 },
    );
  });

  it.each(badExpressions)('is refused as $expression, at $position', (bad) => {
    const error = errorOf(bad.expression);
    expect(error).toMatchObject({ code: 'InvalidExpression', position: bad.position, found: bad.found });
    expect(error?.allowed).toContain(bad.allowed);
    expect(understood.exec(bad.expression)?.[0]).toBe(bad.understood);
    expect(error?.message).toContain(`at ${bad.position}`);
  });

  it('knows more than twenty wrong ones, each of which the published form refuses', () => {
    expect(badExpressions.length).toBeGreaterThan(20);
    for (const bad of badExpressions) expect(bad.expression).not.toMatch(valid);
  });
});
