/**
 * The headers `traceparent` and `tracestate` of W3C Trace Context (level 1, https://www.w3.org/TR/trace-context/, and the random flag of
 * level 2).
 */
export interface TraceParent {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** The caller's span: 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  /** The caller records this trace. */
  readonly sampled: boolean;
  /** The trace id's last 7 bytes are random. */
  readonly random: boolean;
}

const SAMPLED = 1;
const RANDOM = 2;
const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** What a `traceparent` says; undefined when it is invalid: a new trace begins then. A later version is read as far as this one goes. */
export function parseTraceparent(text: string): TraceParent | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  const bits = Number.parseInt(flags, 16);
  return { traceId, spanId, sampled: (bits & SAMPLED) !== 0, random: (bits & RANDOM) !== 0 };
}

/** The header of version 00. */
export function formatTraceparent({ traceId, spanId, sampled, random }: TraceParent): string {
  const bits = (sampled ? SAMPLED : 0) | (random ? RANDOM : 0);
  return `00-${traceId}-${spanId}-0${bits}`;
}

/** Members that may be passed on; more are a reason to refuse all (§3.3.1.1). */
const MOST_MEMBERS = 32;
const MEMBER =
  /^(?:[a-z0-9][-a-z0-9_*/]{0,255}|[a-z0-9][-a-z0-9_*/]{0,240}@[a-z][-a-z0-9_*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * Whether a `tracestate` (several headers joined with commas) may be passed on. One that may not is dropped as a whole; the
 * `traceparent` beside it stays good (§3.3.1).
 */
export function validTracestate(text: string): boolean {
  const keys = new Set<string>();
  for (const part of text.split(',')) {
    const member = part.replace(/^[ \t]+|[ \t]+$/g, '');
    if (member === '') continue;
    if (!MEMBER.test(member)) return false;
    keys.add(member.slice(0, member.indexOf('=')));
    if (keys.size > MOST_MEMBERS) return false;
  }
  return keys.size > 0 && keys.size === text.split(',').filter((part) => part.trim() !== '').length;
}
