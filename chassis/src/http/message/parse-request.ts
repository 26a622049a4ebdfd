import type { RequestHead } from './request-head.ts';

/**
 * Reads the head of the request at `buffer[start, end)` into `head`, strictly by RFC 9112: see the table in
 * docs/decisions/2026-11-21-http-messages.md for what is refused. Stops at the first byte that is wrong, also where the head is
 * not complete yet.
 * @returns whether the head is complete (then `head.end` is past it); false: more bytes are needed, and it begins anew
 * @throws MessageError with the status for the client
 */
export function parseRequestHead(buffer: Buffer, start: number, end: number, head: RequestHead): boolean {
  head.begin(buffer, start);
  return end < 0;
}
