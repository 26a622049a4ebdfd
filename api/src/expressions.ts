/** `@motif/api/expressions`: what of a request is its key, and conditions on requests (docs/reference/expressions.md). */
export { ExpressionError } from './expressions/error.ts';
export { jsonScalar } from './expressions/json-scalar.ts';
export { compileKey } from './expressions/key.ts';
export type { CompiledKey, ExpressionNeeds, RequestView } from './expressions/view.ts';
export { type CompiledCondition, compileWhen } from './expressions/when.ts';
