import { Counter, createLogger, Registry } from '@motif/kit';
import { FakeClock, seededRandom } from '@motif/kit/testing';
import { describe, expect, it } from 'vitest';
import { metric } from '../testing.ts';
import { encodeSpans } from './encode.ts';
import { type Delivery, SpanExporter } from './exporter.ts';
import type { Span } from './span.ts';

const span = (name: string, changes: Partial<Span> = {}): Span => ({
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  parentId: '',
  name,
  kind: 2,
  startMs: 1_795_273_932_398.6,
  endMs: 1_795_273_932_400,
  attributes: {},
  error: '',
  ...changes,
});

describe('OTLP in JSON', () => {
  it('has ids in hex, 64-bit numbers as text, and errors as a status', () => {
    const parent = { parentId: 'aaaaaaaaaaaaaaaa', error: 'ShardDown', attributes: { n: 3, text: 'é\ud800' } };
    const spans = [span('GET'), span('PUT', parent)];
    const { resourceSpans } = JSON.parse(encodeSpans(spans, { 'service.name': 'cart' }, '1.2.3'));
    expect(resourceSpans[0].resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'cart' } }]);
    const { scope, spans: encoded } = resourceSpans[0].scopeSpans[0];
    expect(scope).toEqual({ name: 'motif', version: '1.2.3' });
    expect(encoded[0]).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      flags: 0x101,
      name: 'GET',
      kind: 2,
      startTimeUnixNano: '1795273932398600000',
      endTimeUnixNano: '1795273932400000000',
      attributes: [],
      status: {},
    });
    expect(encoded[1]).toMatchObject({
      parentSpanId: 'aaaaaaaaaaaaaaaa',
      flags: 0x301,
      attributes: [
        { key: 'n', value: { intValue: '3' } },
        { key: 'text', value: { stringValue: 'é\ufffd' } },
      ],
      status: { code: 2, message: 'ShardDown' },
    });
  });

  it('never lets a span end before it began', () => {
    const text = encodeSpans([span('GET', { endMs: 5 })], {}, '1');
    expect(text).toContain('"endTimeUnixNano":"1795273932398600000"');
  });
});

function exporting(answers: Delivery[]) {
  const clock = new FakeClock();
  const registry = new Registry();
  const log: string[] = [];
  const bodies: string[] = [];
  const counter = new Counter({ name: 'spans_total', help: 'x', labelNames: ['result'], registers: [registry] });
  const exporter = new SpanExporter({
    deliver: async (body) => {
      bodies.push(body);
      return answers.shift() ?? { result: 'ok', rejected: 0 };
    },
    resource: {},
    version: '1',
    clock,
    random: seededRandom(1),
    logger: createLogger({ write: (line) => log.push(line) }),
    counter,
  });
  const counts = async () => {
    const page = await registry.metrics();
    return Object.fromEntries(
      ['exported', 'dropped', 'failed'].map((result) => [result, metric(page, `spans_total{result="${result}"}`)]),
    );
  };
  const names = (body = ''): string[] =>
    JSON.parse(body).resourceSpans[0].scopeSpans[0].spans.map(({ name }: Span) => name);
  return { clock, exporter, bodies, counts, names, log };
}

describe('exporting spans', () => {
  it('happens in batches, after five seconds or when one is full', async () => {
    const { clock, exporter, bodies, counts, names } = exporting([]);
    exporter.add(span('a'));
    exporter.add(span('b'));
    await clock.advanceAsync(4999);
    expect(bodies).toHaveLength(0);
    await clock.advanceAsync(1);
    expect(bodies.map(names)).toEqual([['a', 'b']]);
    for (let i = 0; i < 512; i++) exporter.add(span('c'));
    await clock.advanceAsync(0);
    expect(bodies).toHaveLength(2);
    expect(await counts()).toEqual({ exported: 514, dropped: 0, failed: 0 });
    expect(clock.pending).toBe(0);
  });

  it('drops what finds no room, and counts it', async () => {
    const { clock, exporter, bodies, counts } = exporting([]);
    for (let i = 0; i < 3000; i++) exporter.add(span('x'));
    // One batch is under way, 2048 wait.
    expect(await counts()).toMatchObject({ dropped: 3000 - 512 - 2048 });
    await clock.advanceAsync(20_000);
    expect(bodies).toHaveLength(5);
    expect(await counts()).toMatchObject({ exported: 512 + 2048 });
  });

  it('tries again when the collector asks for it, and tells once', async () => {
    const retry: Delivery = { result: 'retry', reason: 'the collector answered 503', afterMs: 2000 };
    const { clock, exporter, bodies, counts, log } = exporting([retry, { result: 'retry', reason: 'x' }]);
    exporter.add(span('a'));
    await clock.advanceAsync(5000);
    expect(bodies).toHaveLength(1);
    await clock.advanceAsync(1999);
    expect(bodies).toHaveLength(1);
    await clock.advanceAsync(1 + 4000);
    expect(bodies).toHaveLength(3);
    expect(await counts()).toEqual({ exported: 1, dropped: 0, failed: 0 });
    expect(log).toEqual([]);
  });

  it('gives a batch up after five attempts, or when it is refused, and goes on with the next', async () => {
    const retry: Delivery = { result: 'retry', reason: 'connection refused' };
    const { clock, exporter, bodies, counts, names, log } = exporting([retry, retry, retry, retry, retry]);
    exporter.add(span('lost'));
    await clock.advanceAsync(5000 + 60_000);
    expect(bodies).toHaveLength(5);
    expect(await counts()).toEqual({ exported: 0, dropped: 0, failed: 1 });
    exporter.add(span('next'));
    await clock.advanceAsync(5000);
    expect(names(bodies[5])).toEqual(['next']);
    expect(log.map((line) => JSON.parse(line).msg)).toEqual(['spans cannot be exported', 'spans are exported again']);
    const refused = exporting([{ result: 'refused', reason: 'the collector answered 400' }]);
    refused.exporter.add(span('bad'));
    await refused.clock.advanceAsync(60_000);
    expect(refused.bodies).toHaveLength(1);
    expect(await refused.counts()).toMatchObject({ failed: 1 });
  });

  it('counts what the collector rejected of a batch', async () => {
    const { clock, exporter, counts } = exporting([{ result: 'ok', rejected: 2 }]);
    for (const name of ['a', 'b', 'c']) exporter.add(span(name));
    await clock.advanceAsync(5000);
    expect(await counts()).toEqual({ exported: 1, dropped: 0, failed: 2 });
  });

  it('ends with what is left, without waiting for a collector that is gone', async () => {
    const { clock, exporter, bodies } = exporting([{ result: 'retry', reason: 'gone' }]);
    for (let i = 0; i < 600; i++) exporter.add(span('x'));
    await exporter.close();
    expect(bodies).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });
});
