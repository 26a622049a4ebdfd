import { compilePart, needsOf, type PartValue } from './evaluate.ts';
import { parseKeyExpression } from './parse.ts';
import type { Join } from './syntax.ts';
import type { CompiledKey, RequestView } from './view.ts';

/** The lengths below 256, which nearly all are, as 4 bytes big-endian. */
const LENGTHS = Array.from({ length: 256 }, (_, length) => lengthOf(length));

/**
 * The expressions of a `key` as closures, for the hot path: a key of one expression of one part costs one call.
 * @param expressions at least one; the first that is present counts
 * @throws ExpressionError for the first that cannot be parsed
 */
export function compileKey(expressions: readonly string[]): CompiledKey {
  const joins = expressions.map(parseKeyExpression);
  return {
    evaluate: firstOf(joins.map(compileJoin)),
    needs: needsOf(joins),
    peerOnly: joins.every((parts) => parts.every(({ kind }) => kind === 'ip' || kind === 'country' || kind === 'text')),
  };
}

function firstOf(values: readonly PartValue[]): PartValue {
  const [first, second] = values;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined && second !== undefined && values.length === 2) {
    return (view) => first(view) ?? second(view);
  }
  return (view) => {
    for (const value of values) {
      const found = value(view);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** A key's bytes: DESIGN's rule, so that `a + bc` and `ab + c` are different keys. Absent when any part is, or is empty. */
function compileJoin(parts: Join): PartValue {
  const values = parts.map(compilePart);
  const [only] = values;
  if (only !== undefined && values.length === 1) return (view) => only(view) || undefined;
  return (view: RequestView) => {
    let key = '';
    for (const value of values) {
      const text = value(view);
      if (text === undefined || text === '') return undefined;
      key += (LENGTHS[text.length] ?? lengthOf(text.length)) + text;
    }
    return key;
  };
}

function lengthOf(length: number): string {
  return String.fromCharCode(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
}
