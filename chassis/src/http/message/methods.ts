/** Methods whose text exists once: those of RFC 9110, PATCH, QUERY, WebDAV's and what caches and proxies use. */
const known = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'REPORT',
  'SEARCH',
  'PURGE',
];

/** By length and first letter. */
const slots: string[][] = Array.from({ length: 16 * 32 }, () => []);
for (const method of known) slots[(method.length << 5) | (method.charCodeAt(0) & 31)]?.push(method);

/** The method `buffer[start, end)`, which is a token; as it was sent, since methods are case-sensitive. */
export function methodOf(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length < 16) {
    const candidates = slots[(length << 5) | ((buffer[start] as number) & 31)] as string[];
    for (let i = 0; i < candidates.length; i++) {
      const method = candidates[i] as string;
      if (isMethod(buffer, start, method)) return method;
    }
  }
  return buffer.toString('latin1', start, end);
}

function isMethod(buffer: Buffer, start: number, method: string): boolean {
  for (let i = 0; i < method.length; i++) if (buffer[start + i] !== method.charCodeAt(i)) return false;
  return true;
}
