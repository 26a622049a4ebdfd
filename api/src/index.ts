/** `@motif/api`: the contract between the parts. */
export { ApiError } from './error.ts';
export * from './hashing.ts';
export { formatIssues, type Issue, issuesOf } from './issues.ts';
export * from './topology.ts';
