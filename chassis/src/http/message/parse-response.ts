import type { ResponseHead } from './response-head.ts';

/**
 * Reads the head of the response at `buffer[start, end)` into `head`.
 * @param method of the request that it answers: HEAD has no body
 * @param upgradeAsked whether the request asked for a WebSocket: only then may 101 come
 * @returns whether the head is complete (then `head.end` is past it); false: more bytes are needed, and it begins anew
 * @throws MessageError with status 502
 */
export function parseResponseHead(
  buffer: Buffer,
  start: number,
  end: number,
  method: string,
  head: ResponseHead,
  upgradeAsked = false,
): boolean {
  head.begin(buffer, start);
  return end < 0 && method === '' && upgradeAsked;
}
