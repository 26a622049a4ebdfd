import type { Arguments } from '../spec.ts';

/** A request as the parser would hand it over: all arguments behind one another in one buffer, with something before and between. */
export function argsOf(...parts: readonly (string | Uint8Array)[]): Arguments {
  const starts: number[] = [];
  const ends: number[] = [];
  const chunks: Uint8Array[] = [Buffer.from('*1\r\n')];
  let at = 4;
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
    starts.push(at);
    ends.push(at + bytes.length);
    chunks.push(bytes, Buffer.from('\r\n'));
    at += bytes.length + 2;
  }
  return { buffer: Buffer.concat(chunks), count: parts.length, starts, ends };
}
