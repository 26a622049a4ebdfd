import { ApiError } from '../error.ts';

/** A request expression that cannot be parsed: where, what was understood before, what was found there and what is allowed. */
export class ExpressionError extends ApiError {
  /** The whole expression. */
  readonly expression: string;
  /** Index into `expression` from 0, in UTF-16 code units: what stands there is wrong. */
  readonly position: number;
  /** What stands before `position`. */
  readonly understood: string;
  /** What stands at `position`: a word, a character, or `the end`. */
  readonly found: string;
  /** What could stand there instead, in words. */
  readonly allowed: string;

  constructor(expression: string, position: number, found: string, allowed: string) {
    const understood = expression.slice(0, position);
    const before = understood === '' ? 'at the start' : `after ${JSON.stringify(understood)}`;
    super(
      'InvalidExpression',
      `${JSON.stringify(expression)}: at ${position}, ${before}: found ${found}, allowed: ${allowed}`,
    );
    this.expression = expression;
    this.position = position;
    this.understood = understood;
    this.found = found;
    this.allowed = allowed;
  }
}
