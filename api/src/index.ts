/**
 * `@motif/api`: the contract between the parts. The resources' schemas are apart (`@motif/api/shardedservice`): a data-plane
 * container needs none of them, and would pay for them at each start.
 */

export * from './conditions.ts';
export { ApiError } from './error.ts';
export * from './hashing.ts';
export { formatIssues, type Issue, issuesOf } from './issues.ts';
export * from './topology.ts';
