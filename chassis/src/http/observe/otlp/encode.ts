import { KIND_CLIENT, type Span } from './span.ts';

const STATUS_ERROR = 2;

/** Attributes of OTLP in JSON. */
interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

/** The body of `POST /v1/traces` (OTLP/HTTP, JSON encoding: ids in hex, 64-bit numbers as text; https://opentelemetry.io/docs/specs/otlp/). */
export function encodeSpans(
  spans: readonly Span[],
  resource: Readonly<Record<string, string>>,
  version: string,
): string {
  const scopeSpans = [{ scope: { name: 'motif', version }, spans: spans.map(spanJson) }];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: keyValues(resource) }, scopeSpans }] });
}

function spanJson(span: Span): object {
  const { traceId, spanId, parentId, name, kind, startMs, endMs, attributes, error } = span;
  return {
    traceId,
    spanId,
    ...(parentId === '' ? {} : { parentSpanId: parentId }),
    // Sampled; and whether the parent is another process's is known: a server's is, a client's is our server span.
    flags: kind === KIND_CLIENT || parentId === '' ? 0x101 : 0x301,
    name,
    kind,
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(Math.max(startMs, endMs)),
    attributes: keyValues(attributes),
    status: error === '' ? {} : { code: STATUS_ERROR, message: error },
  };
}

/** A number of nanoseconds since 1970 has no exact double: milliseconds and their thousandths are written one behind the other. */
function nanoseconds(ms: number): string {
  const micros = Math.round(ms * 1000);
  return `${micros}000`;
}

function keyValues(attributes: Readonly<Record<string, string | number>>): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: wellFormed(value) } : { intValue: String(Math.round(value)) },
  }));
}

/** Texts of requests are bytes read as latin1; JSON wants text, and collectors refuse a batch for one bad character. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
