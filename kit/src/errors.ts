/**
 * The base of every error this project throws: a stable, CamelCase `code` for programs, a sentence for people, and the `cause`.
 * Messages carry no secrets, since they end up in logs, conditions and answers.
 */
export class MotifError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The sentence of whatever was thrown, with the sentences of its causes after it: `could not load: ENOENT: …`. */
export function errorMessage(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  // Eight levels are more than any chain of ours has; the bound keeps a cyclic cause from looping.
  for (let depth = 0; depth < 8 && current !== undefined && current !== null; depth++) {
    const text = current instanceof Error ? current.message || current.name : String(current);
    if (!parts.some((part) => part.includes(text))) parts.push(text);
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(': ');
}

/** The `code` of a Node.js system error or of one of ours; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
