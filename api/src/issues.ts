import type { z } from 'zod';

/** One thing wrong with a document: where, and what was found and what is allowed in one sentence. */
export interface Issue {
  /** `shards[0].weight`; `document` for the whole. */
  readonly path: string;
  readonly message: string;
}

const SHOWN = 80;

/** Zod's issues as ours, each naming the field, what was found there and what is allowed. */
export function issuesOf(error: z.ZodError, input: unknown): Issue[] {
  return error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    const allowed = issue.message.replace(/^Invalid input: /, '');
    return {
      path: path.replace(/^\./, '') || 'document',
      message: `found ${show(valueAt(input, issue.path))}, ${allowed}`,
    };
  });
}

/** `path: found …, …` for each issue, in one line. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
