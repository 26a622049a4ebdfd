import { Registry } from '@motif/kit';
import { FakeClock, seededRandom } from '@motif/kit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { AccessLog } from './log/access-log.ts';
import { HttpObserver } from './observer.ts';
import type { Span } from './otlp/span.ts';
import { head, metric, type Sample, sample } from './testing.ts';
import { samplerOf } from './trace/sampler.ts';
import { Tracer } from './trace/tracer.ts';

const clock = new FakeClock();
let registry: Registry;
let observer: HttpObserver;
beforeEach(() => {
  registry = new Registry();
  observer = new HttpObserver({ registry, clock });
});

const value = async (series: string) => metric(await registry.metrics(), `motif_http_${series}`);

/** A request through `observer`, to its end at 1030. */
function run(changes: Partial<Sample>, by = observer): Sample {
  const x = sample({ trail: by.newTrail(), sentAt: 1010, attempts: 1, ...changes });
  by.onRequest(x, head([], '/x'));
  if (x.sentAt > 0) by.onAttempt(x);
  by.onEnd(x, 1030);
  return x;
}

describe('metrics of the HTTP proxy', () => {
  it('are there at zero as soon as a shard is known', async () => {
    observer.shard('cart-0');
    expect(await value('requests_total{shard="cart-0",method="PATCH",status="5xx"}')).toBe(0);
    expect(await value('request_duration_seconds_count{shard="cart-0"}')).toBe(0);
    expect(await value('upstream_connects_total{shard="cart-0",result="failed"}')).toBe(0);
    expect(await value('own_answers_total{code="NoShardKey"}')).toBe(0);
    expect(await value('requests_in_flight{shard="cart-0"}')).toBe(0);
  });

  it('count requests by method and class of status, with queue and work apart', async () => {
    const stats = observer.shard('cart-0');
    run({ stats, status: 200, requestBytes: 10, responseBytes: 500 });
    run({ stats, status: 404, method: 'POST' });
    run({ stats, status: 0, method: 'BREW' });
    run({ stats, status: 503, sentAt: 0, code: 'ShardDown' });
    expect(await value('requests_total{shard="cart-0",method="GET",status="2xx"}')).toBe(1);
    expect(await value('requests_total{shard="cart-0",method="POST",status="4xx"}')).toBe(1);
    expect(await value('requests_total{shard="cart-0",method="other",status="none"}')).toBe(1);
    expect(await value('requests_total{shard="cart-0",method="GET",status="5xx"}')).toBe(1);
    expect(await value('own_answers_total{code="ShardDown"}')).toBe(1);
    // Three that were sent after 10 ms, and one that never was.
    expect(await value('request_queue_seconds_sum{shard="cart-0"}')).toBeCloseTo(0.06);
    expect(await value('request_duration_seconds_count{shard="cart-0"}')).toBe(3);
    expect(await value('request_duration_seconds_sum{shard="cart-0"}')).toBeCloseTo(0.06);
    expect(await value('request_bytes_sum{shard="cart-0"}')).toBe(10);
    expect(await value('response_bytes_sum{shard="cart-0"}')).toBe(500);
  });

  it('make no series of codes that are not known', async () => {
    run({ status: 502, code: 'SomethingNew' });
    observer.refused('BadRequest');
    expect(await value('own_answers_total{code="Other"}')).toBe(1);
    expect(await value('own_answers_total{code="BadRequest"}')).toBe(1);
    expect(await registry.metrics()).not.toContain('SomethingNew');
  });

  it('have a request in flight where its last attempt is', async () => {
    const [a, b] = [observer.shard('a'), observer.shard('b')];
    const x = sample({ trail: observer.newTrail(), stats: a, sentAt: 1010, attempts: 1 });
    observer.onRequest(x, head());
    observer.onAttempt(x);
    observer.onAttempt(x);
    expect([a.inFlight, b.inFlight]).toEqual([1, 0]);
    x.stats = b;
    observer.onAttempt(x);
    expect(await value('requests_in_flight{shard="b"}')).toBe(1);
    expect([a.inFlight, b.inFlight]).toEqual([0, 1]);
    observer.onEnd(x, 1030);
    observer.onEnd(sample({ trail: x.trail }), 1040);
    expect([a.inFlight, b.inFlight]).toEqual([0, 0]);
  });

  it('count what was done beside passing requests on', async () => {
    const stats = observer.shard('cart-0');
    const names = [
      'retried',
      'ejected',
      'recovered',
      'hedged',
      'hedgeWon',
      'spilled',
      'connected',
      'connectFailed',
    ] as const;
    for (const [times, name] of names.entries()) for (let i = 0; i <= times; i++) stats[name]();
    const page = await registry.metrics();
    const series = [
      'upstream_retries',
      'endpoint_ejections',
      'endpoint_recoveries',
      'hedges',
      'hedges_won',
      'spilled_requests',
    ];
    expect(series.map((one) => metric(page, `motif_http_${one}_total{shard="cart-0"}`))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(metric(page, 'motif_http_upstream_connects_total{shard="cart-0",result="ok"}')).toBe(7);
    expect(metric(page, 'motif_http_upstream_connects_total{shard="cart-0",result="failed"}')).toBe(8);
  });

  it('forget shards that left, and no other', async () => {
    const gone = observer.shard('cart-1');
    observer.shard('cart-0');
    observer.retain(['cart-0']);
    run({ stats: gone, status: 200 });
    const page = await registry.metrics();
    expect(page).not.toContain('cart-1');
    expect(metric(page, 'motif_http_request_bytes_count{shard="cart-0"}')).toBe(0);
    run({ stats: observer.shard('cart-1'), status: 200 });
    expect(await value('requests_total{shard="cart-1",method="GET",status="2xx"}')).toBe(1);
  });

  it('read gauges when they are asked', async () => {
    const rest = { limit: 128, ejected: 1, panic: false, stale: true };
    const shards = [{ name: 'a', up: true, connections: 2, waiting: 3, ...rest }];
    observer.watch({ clients: () => 7, shards: () => shards });
    expect(await value('client_connections')).toBe(7);
    expect(await value('upstream_connections{shard="a"}')).toBe(2);
    expect(await value('requests_waiting{shard="a"}')).toBe(3);
    expect(await value('endpoints_stale{shard="a"}')).toBe(1);
    expect(await value('concurrency_limit{shard="a"}')).toBe(128);
    expect(await value('shard_up{shard="a"}')).toBe(1);
    shards.splice(0, 1, { name: 'b', up: false, connections: 0, waiting: 0, ...rest });
    expect(await value('shard_up{shard="a"}')).toBeUndefined();
    expect(await value('shard_up{shard="b"}')).toBe(0);
  });

  it('give the loads of shards', () => {
    const stats = observer.shard('cart-0');
    clock.advance(1000);
    for (let i = 0; i < 20; i++) run({ stats, status: 200 });
    clock.advance(1000);
    expect(observer.loads()).toEqual([{ shard: 'cart-0', requestsPerSecond: 20, inFlight: 0, share: 1 }]);
    observer.close();
  });
});

describe('telling of requests', () => {
  const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const lines: string[] = [];
  const accessLog = (every: number) =>
    new AccessLog({ every, query: false, clock, random: () => 0.5, write: (line) => lines.push(line) });
  beforeEach(() => {
    lines.length = 0;
  });

  it('without traces tells the id that came, and touches no header', () => {
    const logging = new HttpObserver({ registry: new Registry(), clock, accessLog: accessLog(1) });
    const x = sample({ trail: logging.newTrail() });
    logging.onRequest(x, head([['traceparent', parent]], '/a?b'));
    expect([x.trail.traceparent, x.trail.dropTracestate]).toEqual(['', false]);
    logging.onEnd(x, 1020);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ path: '/a', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' });
    // The next request of the same exchange object has nothing of it.
    logging.onRequest(x, head([], '/c'));
    logging.onEnd(x, 1020);
    expect(JSON.parse(lines[1] as string)).not.toHaveProperty('traceId');
    expect(x.trail.target).toBe('');
  });

  it('keeps nothing of requests that are not told', () => {
    const logging = new HttpObserver({ registry: new Registry(), clock, accessLog: accessLog(100) });
    const x = sample({ trail: logging.newTrail() });
    logging.onRequest(x, head([], '/a'));
    expect(x.trail.target).toBe('');
    logging.onEnd(x, 1020);
    expect(lines).toEqual([]);
  });

  it('with traces logs and records the same request', () => {
    const spans: Span[] = [];
    const tracer = new Tracer({
      sampler: samplerOf('parentbased_always_on', 1),
      add: (span) => spans.push(span),
      clock,
      random: seededRandom(2),
    });
    const both = new HttpObserver({ registry: new Registry(), clock, accessLog: accessLog(1), tracer });
    const x = run({ status: 200 }, both);
    expect(spans.map(({ kind }) => kind)).toEqual([3, 2]);
    expect(JSON.parse(lines[0] as string).traceId).toBe(spans[0]?.traceId);
    expect(spans[1]?.attributes['url.path']).toBe('/x');
    expect(x.trail).toEqual(both.newTrail());
  });
});
