import { Registry, seededRandom, systemClock } from '@motif/kit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { HotKeys } from '../load/hot-keys.ts';
import { KeyRouter } from './keys/router.ts';
import { AccessLog } from './observe/log/access-log.ts';
import { HttpObserver } from './observe/observer.ts';
import type { Span } from './observe/otlp/span.ts';
import { metric } from './observe/testing.ts';
import { samplerOf } from './observe/trace/sampler.ts';
import { Tracer } from './observe/trace/tracer.ts';
import { HttpScene, type SceneOptions } from './testing/scene.ts';
import { echo, ok } from './testing/scripted-backend.ts';

const scenes: HttpScene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((scene) => scene.close()));
});

/** A proxy that is observed by all there is. */
async function observed(options: SceneOptions, traced = true) {
  const registry = new Registry();
  const spans: Span[] = [];
  const lines: Record<string, unknown>[] = [];
  const [clock, random] = [systemClock, seededRandom(9)];
  const accessLog = new AccessLog({
    every: 1,
    query: false,
    clock,
    random,
    write: (line) => lines.push(JSON.parse(line)),
  });
  const sampler = samplerOf('parentbased_always_on', 1);
  const tracer = new Tracer({ sampler, clock, random, add: (span) => spans.push(span) });
  const observer = new HttpObserver({ registry, clock, accessLog, ...(traced ? { tracer } : {}) });
  const scene = await HttpScene.open({ ...options, server: { observer, ...options.server } });
  scenes.push(scene);
  const value = async (series: string) => metric(await registry.metrics(), `motif_http_${series}`);
  return { scene, spans, lines, value };
}

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';

describe('a request through the proxy', () => {
  test('is counted, logged and traced, and its shard is told whose child it is', async () => {
    const { scene, spans, lines, value } = await observed({ shards: [echo] });
    const headers = `traceparent: ${parent}-01\r\ntracestate: a=1\r\ncontent-length: 3\r\n`;
    await scene.once(`${scene.head(0, 'PUT', headers)}abc`);
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({
      method: 'PUT',
      path: '/path',
      status: 200,
      requestBytes: 3,
      responseBytes: 'PUT /path HTTP/1.1|abc'.length,
      shard: 'cart-0',
      endpoint: 'cart-0-0',
      attempts: 1,
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
    const [attempt, server] = spans;
    expect(server).toMatchObject({ kind: 2, parentId: '00f067aa0ba902b7', error: '' });
    expect(attempt).toMatchObject({ kind: 3, parentId: server?.spanId });
    const sent = scene.backend(0).received[0]?.headers;
    expect(sent).toMatchObject({ traceparent: `00-${server?.traceId}-${attempt?.spanId}-01`, tracestate: 'a=1' });
    expect(await value('requests_total{shard="cart-0",method="PUT",status="2xx"}')).toBe(1);
    expect(await value('request_bytes_sum{shard="cart-0"}')).toBe(3);
    expect(await value('requests_in_flight{shard="cart-0"}')).toBe(0);
    expect(await value('client_connections')).toBeGreaterThanOrEqual(0);
    expect(await value('shard_up{shard="cart-0"}')).toBe(1);
  });

  test('with a broken traceparent begins a trace, without the state of the old one', async () => {
    const { scene, spans } = await observed({ shards: [echo] });
    await scene.once(scene.head(0, 'GET', 'traceparent: 00-broken\r\ntracestate: a=1\r\n'));
    await vi.waitFor(() => expect(spans).toHaveLength(2));
    const sent = scene.backend(0).received[0]?.headers;
    expect(sent?.traceparent).toContain(spans[0]?.traceId);
    expect(sent?.tracestate).toBeUndefined();
  });

  test('has its trace headers left alone where there is no collector', async () => {
    const { scene, lines } = await observed({ shards: [echo] }, false);
    await scene.once(scene.head(0, 'GET', 'traceparent: 00-broken\r\ntracestate: A=\r\n'));
    expect(scene.backend(0).received[0]?.headers).toMatchObject({ traceparent: '00-broken', tracestate: 'A=' });
    await scene.once(scene.head(0));
    expect(scene.backend(0).received[1]?.headers.traceparent).toBeUndefined();
    await vi.waitFor(() => expect(lines).toHaveLength(2));
  });

  test('that needed another attempt has a span of each, and a retry is counted', async () => {
    const dying: typeof echo = (_, { socket }) => socket.destroy();
    const { scene, spans, lines, value } = await observed({ shards: [[dying, echo]] });
    // Whichever replica comes first: one of a few is the one that dies.
    for (let i = 0; i < 10 && !lines.some(({ attempts }) => attempts === 2); i++) {
      await scene.once(scene.head(0));
      await vi.waitFor(() => expect(lines).toHaveLength(i + 1));
    }
    const line = lines.find(({ attempts }) => attempts === 2);
    expect(line).toMatchObject({ status: 200, endpoint: 'cart-0-1' });
    const ofIt = spans.filter(({ traceId }) => traceId === line?.traceId);
    expect(ofIt.map(({ kind }) => kind)).toEqual([3, 3, 2]);
    expect(ofIt[0]?.error).not.toBe('');
    expect(ofIt[1]?.error).toBe('');
    expect(await value('upstream_retries_total{shard="cart-0"}')).toBeGreaterThanOrEqual(1);
  });

  test('whose client goes is told without a status, and is in flight no more', async () => {
    const { scene, lines, value } = await observed({ shards: [() => {}] });
    const client = await scene.client();
    client.send(scene.head(0));
    await vi.waitFor(async () => expect(await value('requests_in_flight{shard="cart-0"}')).toBe(1));
    client.socket.resetAndDestroy();
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({ status: 0, shard: 'cart-0' });
    expect(await value('requests_total{shard="cart-0",method="GET",status="none"}')).toBe(1);
    expect(await value('requests_in_flight{shard="cart-0"}')).toBe(0);
  });

  test('that is refused is told with the reason, also what was no request at all', async () => {
    const sharding = { algorithm: 'rendezvous' as const, hash: 'rendezvous/v1' as const, key: ['header:x-user'] };
    const { scene, lines, value } = await observed({ shards: [echo], topology: { sharding } });
    await scene.once('GET /a?b HTTP/1.1\r\nhost: cart\r\n\r\n');
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({ status: 400, error: 'NoShardKey', path: '/a', attempts: 0 });
    await scene.once('GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n');
    expect(await value('own_answers_total{code="NoShardKey"}')).toBe(1);
    await vi.waitFor(async () => expect(await value('own_answers_total{code="BadRequest"}')).toBe(1));
  });

  test('pipelined with others keeps what is told of them apart', async () => {
    const { scene, spans, lines } = await observed({
      shards: [(request, connection) => connection.say(ok(request.line))],
    });
    const client = await scene.client();
    const heads = ['/a', '/b', '/c'].map((path) => scene.head(0).replace('/path', path));
    client.send(heads.join(''));
    for (const path of ['/a', '/b', '/c']) expect((await client.answer()).body).toBe(`GET ${path} HTTP/1.1`);
    await vi.waitFor(() => expect(lines).toHaveLength(3));
    expect(lines.map(({ path }) => path)).toEqual(['/a', '/b', '/c']);
    expect(new Set(lines.map(({ traceId }) => traceId)).size).toBe(3);
    expect(spans.filter(({ kind }) => kind === 2).map(({ attributes }) => attributes['url.path'])).toEqual([
      '/a',
      '/b',
      '/c',
    ]);
  });
});

test('hot keys are told with the shard that answers for them', async () => {
  const hotKeys = new HotKeys({ every: 1, clock: systemClock, random: seededRandom(1), registry: new Registry() });
  const { scene } = await observed({
    shards: [echo, echo],
    server: { router: (topology) => new KeyRouter(topology, { hotKeys }) },
  });
  for (const [shard, times] of [3, 1].entries()) for (let i = 0; i < times; i++) await scene.once(scene.head(shard));
  expect(hotKeys.report().keys).toMatchObject([
    { rank: 1, key: scene.keys[0], shard: 'cart-0', share: 0.75 },
    { rank: 2, key: scene.keys[1], shard: 'cart-1', share: 0.25 },
  ]);
  hotKeys.close();
});
