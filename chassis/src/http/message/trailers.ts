import { kindOfName, OTHER } from './field-kinds.ts';

/** What frames, routes, authenticates or controls a message comes before its body (RFC 9110, 6.5.1). */
const FORBIDDEN = new Set([
  'age',
  'cache-control',
  'content-range',
  'content-type',
  'date',
  'expires',
  'location',
  'pragma',
  'range',
  'set-cookie',
  'vary',
  'warning',
  'www-authenticate',
]);
const FORBIDDEN_PREFIXES = ['x-forwarded-', 'x-motif-', 'proxy-', 'if-'];

/**
 * Whether a field may stand after a body. A reader that merges trailers with the fields of the head would else take one of
 * them for what this proxy has refused, checked or set in the head.
 */
export function mayTrail(lowercaseName: string): boolean {
  const name = lowercaseName.replaceAll('_', '-');
  if (FORBIDDEN.has(name) || FORBIDDEN_PREFIXES.some((prefix) => name.startsWith(prefix))) return false;
  return kindOfName(name) === OTHER;
}
