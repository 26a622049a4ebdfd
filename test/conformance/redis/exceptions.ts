/** A line whose answer through the proxy differs from a single server's, and may. */
export interface Exception {
  readonly script: string;
  readonly line: string;
  /** What the proxy must answer instead, as `render` shows it. */
  readonly answer: RegExp;
  readonly reason: string;
}

/** All of them. A line that has no entry here must be answered alike. */
export const exceptions: readonly Exception[] = [];

/** The exception for a line, if there is one. */
export function exceptionFor(script: string, line: string): Exception | undefined {
  return exceptions.find((one) => one.script === script && one.line === line);
}
