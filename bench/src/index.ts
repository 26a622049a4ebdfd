export type { BenchArguments } from './arguments.ts';
export { parseArguments } from './arguments.ts';
export type { CaseResult } from './statistics.ts';
