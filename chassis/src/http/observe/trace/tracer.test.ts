import { FakeClock, seededRandom } from '@motif/kit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Span } from '../otlp/span.ts';
import { head, type Sample, sample } from '../testing.ts';
import { parseTraceparent } from './context.ts';
import { samplerOf } from './sampler.ts';
import { Tracer } from './tracer.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const recorded = `00-${traceId}-${parentId}-01`;
const unrecorded = `00-${traceId}-${parentId}-00`;

const clock = new FakeClock();
let spans: Span[] = [];
beforeEach(() => {
  spans = [];
});

function tracer(name: Parameters<typeof samplerOf>[0] = 'parentbased_always_on'): Tracer {
  return new Tracer({ sampler: samplerOf(name, 1), add: (span) => spans.push(span), clock, random: seededRandom(1) });
}

function attempt(one: Tracer, x: Sample, at: number): void {
  x.attempts++;
  x.sentAt = at;
  x.endpoint = `cart-0-${x.attempts - 1}`;
  one.attempt(x);
}

describe('headers that go on', () => {
  it('are a new trace where none came', () => {
    const x = sample();
    tracer().begin(x, head());
    const sent = parseTraceparent(x.trail.traceparent);
    expect(sent).toMatchObject({ sampled: true, random: true });
    expect(x.trail.traceId).toBe(sent?.traceId);
  });

  it('are the same trace with a span of ours as the parent, another one at each attempt', () => {
    const x = sample();
    const one = tracer();
    one.begin(x, head([['Traceparent', recorded]]));
    const parents = [1, 2].map((at) => {
      attempt(one, x, 1000 + at);
      return parseTraceparent(x.trail.traceparent);
    });
    expect(parents).toMatchObject([
      { traceId, sampled: true },
      { traceId, sampled: true },
    ]);
    expect(new Set([parentId, parents[0]?.spanId, parents[1]?.spanId]).size).toBe(3);
  });

  it('are untouched where the caller does not record, and neither do we', () => {
    const x = sample();
    tracer().begin(
      x,
      head([
        ['traceparent', unrecorded],
        ['tracestate', 'a=1'],
      ]),
    );
    expect([x.trail.traceparent, x.trail.dropTracestate, x.trail.traceId]).toEqual(['', false, traceId]);
    expect(x.trail.server).toBeUndefined();
  });

  it('say what was decided where that differs from the caller', () => {
    const x = sample();
    tracer('always_off').begin(x, head([['traceparent', recorded]]));
    expect(parseTraceparent(x.trail.traceparent)).toMatchObject({ traceId, sampled: false });
    expect(x.trail.server).toBeUndefined();
  });

  it.each([
    [
      'a broken traceparent',
      [
        ['traceparent', 'x'],
        ['tracestate', 'a=1'],
      ],
    ],
    [
      'two of them',
      [
        ['traceparent', recorded],
        ['traceparent', recorded],
        ['tracestate', 'a=1'],
      ],
    ],
    ['none', [['tracestate', 'a=1']]],
  ] as [string, [string, string][]][])('are a new trace without the old state for %s', (_, headers) => {
    const x = sample();
    tracer().begin(x, head(headers));
    expect(x.trail.traceId).not.toBe(traceId);
    expect(x.trail.dropTracestate).toBe(true);
  });

  it('are without a tracestate that is broken, in the same trace', () => {
    const x = sample();
    tracer().begin(
      x,
      head([
        ['traceparent', unrecorded],
        ['tracestate', 'a=1'],
        ['tracestate', 'a=2'],
      ]),
    );
    expect([x.trail.traceId, x.trail.dropTracestate]).toEqual([traceId, true]);
    expect(parseTraceparent(x.trail.traceparent)).toMatchObject({ traceId, sampled: false });
  });
});

describe('spans', () => {
  it('are one of the request and one of each attempt', () => {
    const x = sample({ requestBytes: 3, responseBytes: 7 });
    const one = tracer();
    one.begin(x, head([['traceparent', recorded]]));
    x.trail.target = '/a?secret=1';
    attempt(one, x, 1010);
    attempt(one, x, 1030);
    x.status = 200;
    one.end(x, 1050);
    const epoch = clock.now() - clock.monotonic();
    const [first, second, server] = spans;
    expect(server).toMatchObject({
      traceId,
      parentId,
      kind: 2,
      name: 'GET',
      error: '',
      startMs: epoch + 1000,
      endMs: epoch + 1050,
    });
    expect(server?.attributes).toEqual({
      'http.request.method': 'GET',
      'url.path': '/a',
      'url.scheme': 'http',
      'http.response.status_code': 200,
      'http.request.body.size': 3,
      'http.response.body.size': 7,
      'motif.attempts': 2,
    });
    expect(first).toMatchObject({ parentId: server?.spanId, kind: 3, startMs: epoch + 1010, endMs: epoch + 1030 });
    expect(first?.error).toBe('given up for another attempt');
    expect(second).toMatchObject({ parentId: server?.spanId, kind: 3, error: '', endMs: epoch + 1050 });
    expect(second?.attributes).toMatchObject({ 'http.request.resend_count': 1, 'server.address': 'cart-0-1' });
    expect(second?.attributes['http.response.status_code']).toBe(200);
  });

  it.each([
    [{ status: 503, code: 'ShardDown' }, 'ShardDown', 'ShardDown'],
    [{ status: 500 }, '500', '500'],
    [{ status: 404 }, '', '404'],
    [{ status: 0 }, 'client_gone', 'client_gone'],
    [{ status: 302 }, '', ''],
  ])('of an answer %j failed as the conventions have it', (outcome, ofServer, ofAttempt) => {
    const x = sample();
    const one = tracer();
    one.begin(x, head());
    attempt(one, x, 1001);
    Object.assign(x, outcome);
    one.end(x, 1002);
    expect(spans.map(({ error }) => error)).toEqual([ofAttempt, ofServer]);
  });

  it('do not make names of methods that nobody knows', () => {
    const x = sample({ method: 'BREW' });
    const one = tracer();
    one.begin(x, head());
    one.end(x, 1001);
    expect(spans[0]).toMatchObject({
      name: 'HTTP',
      attributes: { 'http.request.method': '_OTHER', 'http.request.method_original': 'BREW' },
    });
  });
});
