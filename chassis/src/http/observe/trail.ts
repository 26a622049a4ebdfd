import type { Span } from './otlp/span.ts';

/** What an observer remembers of one exchange, reused with it. Others read `traceparent` and `dropTracestate` only. */
export class Trail {
  /** What to write upstream instead of the client's header; empty: pass `traceparent` and `tracestate` on as they are. */
  traceparent = '';
  /** The client's `tracestate` goes no further: it is broken, or belongs to a trace that could not be read. */
  dropTracestate = false;
  /** 32 hex digits; empty where there is no trace. */
  traceId = '';
  /** Whether a line of the access log is due. */
  logged = false;
  /** Path and query, kept only when something will tell them. */
  target = '';
  /** Recorded spans: of the request as a whole, and of the attempt that is under way. */
  server: Span | undefined = undefined;
  attempt: Span | undefined = undefined;
  /** Where the request counts as in flight. */
  counted: { inFlight: number } | undefined = undefined;
  /** Anything above but `counted` is set. */
  used = false;

  clear(): void {
    this.traceparent = '';
    this.dropTracestate = false;
    this.traceId = '';
    this.logged = false;
    this.target = '';
    this.server = undefined;
    this.attempt = undefined;
    this.used = false;
  }
}
