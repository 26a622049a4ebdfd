/** `@motif/api`: the contract between the parts. */

export * from './conditions.ts';
export { ApiError } from './error.ts';
export * from './hashing.ts';
export { formatIssues, type Issue, issuesOf } from './issues.ts';
export * from './shardedservice.ts';
export * from './topology.ts';
