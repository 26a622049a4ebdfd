/** A request, odd or not, and what comes of it. */
export interface RequestCase {
  readonly name: string;
  /** Latin1. */
  readonly text: string;
  /** The requests that are understood (`POST /x "body"`), then how it was refused. `outcome.ts` has the words. */
  readonly ours: string;
  /** Where Debian's nginx 1.22, as a proxy, differs. */
  readonly nginx?: string;
  /** Where `node:http`, strict as it is by default, differs. */
  readonly node?: string;
  /** Why they differ and we are right: there wherever one differs. */
  readonly why?: string;
}

/** A POST with these fields. */
export const post = (fields: string, body = ''): string => `POST /x HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${body}`;
