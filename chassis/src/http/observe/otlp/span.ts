/** `SpanKind` of OTLP (opentelemetry-proto, trace.proto). */
export const KIND_SERVER = 2;
export const KIND_CLIENT = 3;

/** One recorded step of a request. Times are milliseconds since 1970, with fractions. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: typeof KIND_SERVER | typeof KIND_CLIENT;
  readonly startMs: number;
  endMs: number;
  readonly attributes: Record<string, string | number>;
  /** Why the step failed; empty: it did not. */
  error: string;
}
