import { parseJoin } from './parse-part.ts';
import { Scanner } from './scanner.ts';
import type { Join } from './syntax.ts';

/**
 * One expression of a `key`.
 * @throws ExpressionError
 */
export function parseKeyExpression(text: string): Join {
  const scanner = new Scanner(text);
  const join = parseJoin(scanner);
  if (!scanner.atEnd) throw scanner.error('+ or the end');
  return join;
}
