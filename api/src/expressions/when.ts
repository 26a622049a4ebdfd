import { compilePart, needsOf } from './evaluate.ts';
import { parseJoin, parseText } from './parse-part.ts';
import { Scanner } from './scanner.ts';
import type { Join } from './syntax.ts';
import type { ExpressionNeeds, RequestView } from './view.ts';

/** A condition on requests, ready to be asked. */
export interface CompiledCondition {
  matches(view: RequestView): boolean;
  readonly needs: ExpressionNeeds;
}

type Condition = (view: RequestView) => boolean;

const WORD = /[-A-Za-z0-9_.~/@%]+/y;

/**
 * A `when`: presence (`cookie:session`), `==`, `!=`, `in [a, b]`, `!` before any of them, `&&` before `||`, no parentheses.
 * What is absent compares as empty text; `a + b` compares as one text put after the other.
 * @throws ExpressionError
 */
export function compileWhen(text: string): CompiledCondition {
  const scanner = new Scanner(text);
  const joins: Join[] = [];
  const all = (): Condition => chain(scanner, '&&', () => parseTest(scanner, joins), every);
  const matches = chain(scanner, '||', all, some);
  if (!scanner.atEnd) throw scanner.error('==, !=, in [, +, &&, || or the end');
  return { matches, needs: needsOf(joins) };
}

function chain(
  scanner: Scanner,
  symbol: string,
  parse: () => Condition,
  combine: (conditions: readonly Condition[]) => Condition,
): Condition {
  const conditions = [parse()];
  while (scanner.takes(symbol)) conditions.push(parse());
  const [only] = conditions;
  return only !== undefined && conditions.length === 1 ? only : combine(conditions);
}

const every =
  (conditions: readonly Condition[]): Condition =>
  (view) =>
    conditions.every((condition) => condition(view));

const some =
  (conditions: readonly Condition[]): Condition =>
  (view) =>
    conditions.some((condition) => condition(view));

function parseTest(scanner: Scanner, joins: Join[]): Condition {
  scanner.skipSpaces();
  const negated = scanner.takes('!');
  const join = parseJoin(scanner);
  joins.push(join);
  const condition = parseComparison(scanner, concatenation(join));
  scanner.skipSpaces();
  return negated ? (view) => !condition(view) : condition;
}

function parseComparison(scanner: Scanner, value: (view: RequestView) => string): Condition {
  if (scanner.takes('==')) {
    const wanted = parseValue(scanner);
    return (view) => value(view) === wanted;
  }
  if (scanner.takes('!=')) {
    const unwanted = parseValue(scanner);
    return (view) => value(view) !== unwanted;
  }
  if (scanner.takes('in')) {
    const wanted = parseList(scanner);
    return (view) => wanted.has(value(view));
  }
  return (view) => value(view) !== '';
}

function parseList(scanner: Scanner): ReadonlySet<string> {
  scanner.skipSpaces();
  scanner.expect('[');
  const values = new Set<string>();
  do values.add(parseValue(scanner));
  while (scanner.takes(','));
  scanner.expect(']', ', or ]');
  return values;
}

function parseValue(scanner: Scanner): string {
  scanner.skipSpaces();
  const value = scanner.sees('"') ? parseText(scanner, 0) : scanner.reads(WORD);
  if (value === undefined) throw scanner.error('a word of letters, digits and -_.~/@%, or text in double quotes');
  scanner.skipSpaces();
  return value;
}

/** All parts one after the other; empty when any is absent. */
function concatenation(join: Join): (view: RequestView) => string {
  const values = join.map(compilePart);
  const [only] = values;
  if (only !== undefined && values.length === 1) return (view) => only(view) ?? '';
  return (view) => {
    let text = '';
    for (const value of values) {
      const part = value(view);
      if (part === undefined || part === '') return '';
      text += part;
    }
    return text;
  };
}
