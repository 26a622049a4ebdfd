/**
 * The fields that this proxy has to understand, as small numbers; 0 is any other. Below 32, so that a set of them is one
 * number (`1 << kind`).
 */
export const OTHER = 0;
export const HOST = 1;
export const CONTENT_LENGTH = 2;
export const TRANSFER_ENCODING = 3;
export const CONNECTION = 4;
export const KEEP_ALIVE = 5;
export const PROXY_CONNECTION = 6;
export const TE = 7;
export const TRAILER = 8;
export const UPGRADE = 9;
export const EXPECT = 10;
export const FORWARDED = 11;
export const X_FORWARDED_FOR = 12;
export const X_FORWARDED_PROTO = 13;
export const X_FORWARDED_HOST = 14;
/** `X-Forwarded-` and anything else. */
export const X_FORWARDED_OTHER = 15;
export const X_REAL_IP = 16;
export const VIA = 17;
export const MAX_FORWARDS = 18;
export const PROXY_AUTHORIZATION = 19;
export const PROXY_AUTHENTICATE = 20;
export const AUTHORIZATION = 21;
export const COOKIE = 22;
export const TRACEPARENT = 23;
export const TRACESTATE = 24;
export const X_MOTIF_ATTEMPT = 25;
export const X_REQUEST_DEADLINE = 26;
export const IDEMPOTENCY_KEY = 27;
export const CONTENT_ENCODING = 28;
export const RETRY_AFTER = 29;
export const X_MOTIF_ERROR = 30;

const names: readonly (readonly [kind: number, name: string])[] = [
  [HOST, 'host'],
  [CONTENT_LENGTH, 'content-length'],
  [TRANSFER_ENCODING, 'transfer-encoding'],
  [CONNECTION, 'connection'],
  [KEEP_ALIVE, 'keep-alive'],
  [PROXY_CONNECTION, 'proxy-connection'],
  [TE, 'te'],
  [TRAILER, 'trailer'],
  [UPGRADE, 'upgrade'],
  [EXPECT, 'expect'],
  [FORWARDED, 'forwarded'],
  [X_FORWARDED_FOR, 'x-forwarded-for'],
  [X_FORWARDED_PROTO, 'x-forwarded-proto'],
  [X_FORWARDED_HOST, 'x-forwarded-host'],
  [X_REAL_IP, 'x-real-ip'],
  [VIA, 'via'],
  [MAX_FORWARDS, 'max-forwards'],
  [PROXY_AUTHORIZATION, 'proxy-authorization'],
  [PROXY_AUTHENTICATE, 'proxy-authenticate'],
  [AUTHORIZATION, 'authorization'],
  [COOKIE, 'cookie'],
  [TRACEPARENT, 'traceparent'],
  [TRACESTATE, 'tracestate'],
  [X_MOTIF_ATTEMPT, 'x-motif-attempt'],
  [X_REQUEST_DEADLINE, 'x-request-deadline-ms'],
  [IDEMPOTENCY_KEY, 'idempotency-key'],
  [CONTENT_ENCODING, 'content-encoding'],
  [RETRY_AFTER, 'retry-after'],
  [X_MOTIF_ERROR, 'x-motif-error'],
];

const byName = new Map(names.map(([kind, name]) => [name, kind]));
const X_FORWARDED_PREFIX = Buffer.from('x-forwarded-');
const LONGEST = 31;
const spelled: Buffer[] = [];
/** By length, first and last letter: the first kind that may be meant. */
const first = new Uint8Array(32 * 32 * 32);
/** The kind to try after this one. */
const following = new Uint8Array(32);

const slot = (length: number, head: number, tail: number): number => (length << 10) | ((head & 31) << 5) | (tail & 31);

for (const [kind, name] of names) {
  const bytes = Buffer.from(name);
  spelled[kind] = bytes;
  const at = slot(bytes.length, bytes[0] as number, bytes[bytes.length - 1] as number);
  following[kind] = first[at] as number;
  first[at] = kind;
}

/** The kind of a name in lower case; `OTHER` where there is none. */
export function kindOfName(name: string): number {
  return byName.get(name) ?? (name.startsWith('x-forwarded-') ? X_FORWARDED_OTHER : OTHER);
}

/** Lower case, and `_` as `-`: what a CGI-like server makes of a name. 0 for bytes that no known name has. */
const FOLD = new Uint8Array(256);
for (let byte = 97; byte <= 122; byte++) FOLD[byte] = FOLD[byte - 32] = byte;
FOLD[45] = FOLD[95] = 45;

/**
 * The kind of the field name `buffer[start, end)`, which is a token, in any case of letters; also of an alias of it with
 * `_` for `-`, which `hasUnderscore` tells.
 */
export function kindOf(buffer: Buffer, start: number, end: number): number {
  const length = end - start;
  const head = buffer[start] as number;
  if (length <= LONGEST) {
    let kind = first[slot(length, head, buffer[end - 1] as number)] as number;
    while (kind !== OTHER) {
      if (startsWith(buffer, start, spelled[kind] as Buffer)) return kind;
      kind = following[kind] as number;
    }
  }
  const mayForward = (head | 0x20) === 0x78 && length > 12 && ((buffer[start + 2] as number) | 0x20) === 0x66;
  return mayForward && startsWith(buffer, start, X_FORWARDED_PREFIX) ? X_FORWARDED_OTHER : OTHER;
}

/** Whether the bytes at `start` are `lower`, in any case, with `_` for `-` or not. */
function startsWith(buffer: Buffer, start: number, lower: Buffer): boolean {
  for (let i = 0; i < lower.length; i++) {
    if (FOLD[buffer[start + i] as number] !== lower[i]) return false;
  }
  return true;
}

/** Whether a name is an alias: servers that turn names into variables cannot tell it from the real one. */
export function hasUnderscore(buffer: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i] === 95) return true;
  return false;
}
