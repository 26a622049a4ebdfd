import { chunksCases } from './chunks.ts';
import { fieldsCases } from './fields.ts';
import { framingCases } from './framing.ts';
import type { RequestCase } from './request-case.ts';
import { requestLineCases } from './request-line.ts';

/** Where two that are asked disagree, the RFC decides. */
export const requestCases: readonly RequestCase[] = [
  ...framingCases,
  ...fieldsCases,
  ...requestLineCases,
  ...chunksCases,
];
