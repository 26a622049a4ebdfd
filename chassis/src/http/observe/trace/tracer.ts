import type { Clock, Random } from '@motif/kit';
import type { RequestHead } from '../../message/request-head.ts';
import { METHODS, methodIndex } from '../metrics/labels.ts';
import type { Observed } from '../observed.ts';
import { KIND_CLIENT, KIND_SERVER, type Span } from '../otlp/span.ts';
import type { Trail } from '../trail.ts';
import { formatTraceparent, parseTraceparent, type TraceParent, validTracestate } from './context.ts';
import { newSpanId, newTraceId } from './ids.ts';
import type { Sampler } from './sampler.ts';

export interface TracerOptions {
  readonly sampler: Sampler;
  /** Takes each span when it has ended. */
  readonly add: (span: Span) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** What the wall clock may be off by until it is believed that it was set. */
const LARGEST_DRIFT_MS = 5;

/**
 * Takes part in traces: goes on with the client's or begins one, and records a span for the request and one for each attempt, with the
 * names of OpenTelemetry's conventions for HTTP (https://opentelemetry.io/docs/specs/semconv/http/http-spans/).
 */
export class Tracer {
  readonly #options: TracerOptions;
  /** From the monotonic clock to the wall's, in milliseconds. */
  #offset = 0;

  constructor(options: TracerOptions) {
    this.#options = options;
  }

  /** A request has come. What is not recorded and came with a good header passes as it is: nothing needs to be written for it. */
  begin(x: Observed, head: RequestHead): void {
    const { random, sampler } = this.#options;
    const { trail } = x;
    const parent = parentOf(head);
    const traceId = parent?.traceId ?? newTraceId(random);
    const sampled = sampler(traceId, parent?.sampled);
    trail.traceId = traceId;
    trail.dropTracestate = !goodTracestate(head, parent);
    if (parent !== undefined && !sampled && !parent.sampled && !trail.dropTracestate) return;
    const spanId = newSpanId(random);
    trail.traceparent = formatTraceparent({ traceId, spanId, sampled, random: parent?.random ?? true });
    if (sampled) trail.server = this.#span(traceId, spanId, parent?.spanId ?? '', x.method, KIND_SERVER, x.receivedAt);
  }

  /** The request is about to be written to an endpoint: that is a span of its own, and the parent of the server's. */
  attempt(x: Observed): void {
    const { trail } = x;
    const { server } = trail;
    if (server === undefined) return;
    this.#endAttempt(trail, x.sentAt, 'given up for another attempt');
    const { traceId, spanId: parentId } = server;
    const span = this.#span(traceId, newSpanId(this.#options.random), parentId, x.method, KIND_CLIENT, x.sentAt);
    trail.attempt = span;
    if (x.attempts > 1) span.attributes['http.request.resend_count'] = x.attempts - 1;
    span.attributes['server.address'] = x.endpoint;
    if (x.stats !== undefined) span.attributes['motif.shard'] = x.stats.shard;
    const random = trail.traceparent.endsWith('3');
    trail.traceparent = formatTraceparent({ traceId, spanId: span.spanId, sampled: true, random });
  }

  end(x: Observed, now: number): void {
    const { trail } = x;
    const { server } = trail;
    if (server === undefined) return;
    const failed = failureOf(x);
    const { attempt } = trail;
    if (attempt !== undefined && x.code === '' && x.status > 0)
      attempt.attributes['http.response.status_code'] = x.status;
    // A client's span has failed from 400 on, a server's only from 500 on, as the conventions have it.
    this.#endAttempt(trail, now, failed !== '' ? failed : x.status >= 400 ? String(x.status) : '');
    const { attributes } = server;
    const mark = trail.target.indexOf('?');
    attributes['url.path'] = mark === -1 ? trail.target : trail.target.slice(0, mark);
    attributes['url.scheme'] = 'http';
    if (x.status > 0) attributes['http.response.status_code'] = x.status;
    attributes['http.request.body.size'] = x.requestBytes;
    attributes['http.response.body.size'] = x.responseBytes;
    attributes['motif.attempts'] = x.attempts;
    if (x.stats !== undefined) attributes['motif.shard'] = x.stats.shard;
    this.#finish(server, now, failed);
  }

  #endAttempt(trail: Trail, now: number, error: string): void {
    if (trail.attempt !== undefined) this.#finish(trail.attempt, now, error);
    trail.attempt = undefined;
  }

  #finish(span: Span, now: number, error: string): void {
    span.endMs = this.#wall(now);
    span.error = error;
    if (error !== '') span.attributes['error.type'] = error;
    this.#options.add(span);
  }

  #span(traceId: string, spanId: string, parentId: string, method: string, kind: Span['kind'], at: number): Span {
    const known = METHODS[methodIndex(method)] !== 'other' || method === 'OPTIONS' || method === 'TRACE';
    const startMs = this.#wall(at);
    const attributes: Span['attributes'] = known
      ? { 'http.request.method': method }
      : { 'http.request.method': '_OTHER', 'http.request.method_original': method };
    return {
      traceId,
      spanId,
      parentId,
      name: known ? method : 'HTTP',
      kind,
      startMs,
      endMs: startMs,
      attributes,
      error: '',
    };
  }

  /**
   * From the monotonic clock to the wall's. The difference is kept as long as it holds: worked out anew for each time it would
   * jitter by the wall clock's millisecond, and a span would end after its parent.
   */
  #wall(at: number): number {
    const { clock } = this.#options;
    const offset = clock.now() - clock.monotonic();
    if (Math.abs(offset - this.#offset) > LARGEST_DRIFT_MS) this.#offset = offset;
    return at + this.#offset;
  }
}

/** Two `traceparent` headers are as bad as a broken one. */
function parentOf(head: RequestHead): TraceParent | undefined {
  const index = head.find('traceparent', 0);
  if (index === -1 || head.find('traceparent', index + 1) !== -1) return undefined;
  return parseTraceparent(head.value(index));
}

function goodTracestate(head: RequestHead, parent: TraceParent | undefined): boolean {
  if (head.find('tracestate', 0) === -1) return true;
  return parent !== undefined && validTracestate(head.headers('tracestate').join(','));
}

/** Why the request as a whole failed, as OpenTelemetry's `error.type`; empty: it did not. */
function failureOf({ status, code }: Observed): string {
  if (status === 0) return code || 'client_gone';
  return status >= 500 ? code || String(status) : '';
}
