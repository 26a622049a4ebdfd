import { Registry } from '@motif/kit';
import { FakeClock, seededRandom } from '@motif/kit/testing';
import { describe, expect, it } from 'vitest';
import { HttpMetrics } from '../metrics/http-metrics.ts';
import { type Sample, sample } from '../testing.ts';
import { AccessLog, type AccessLogOptions } from './access-log.ts';
import { CHUNK_BYTES } from './line-writer.ts';

function logged(x: Sample, changes: Partial<AccessLogOptions> = {}) {
  const lines: string[] = [];
  const log = new AccessLog({
    every: 1,
    query: false,
    clock: new FakeClock(),
    random: seededRandom(1),
    write: (line) => lines.push(line),
    ...changes,
  });
  log.write(x, 1050);
  return { line: lines[0] as string, record: JSON.parse(lines[0] as string) };
}

function answered(target: string): Sample {
  const stats = new HttpMetrics(new Registry()).shard('cart-1');
  const x = sample({ method: 'POST', sentAt: 1010.5, answeredAt: 1030, status: 201, attempts: 2, stats });
  Object.assign(x, { endpoint: 'cart-1-0', requestBytes: 12, responseBytes: 34 });
  Object.assign(x.trail, { target, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' });
  return x;
}

describe('a line of the access log', () => {
  it('tells what happened, without the query', () => {
    expect(logged(answered('/a/b?token=secret')).record).toEqual({
      ts: '2026-01-01T00:00:00.000Z',
      level: 'info',
      msg: 'request',
      method: 'POST',
      path: '/a/b',
      status: 201,
      requestBytes: 12,
      responseBytes: 34,
      totalMs: 50,
      queueMs: 10.5,
      upstreamMs: 39.5,
      firstByteMs: 19.5,
      shard: 'cart-1',
      endpoint: 'cart-1-0',
      attempts: 2,
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
    expect(logged(answered('/a?b=c'), { query: true }).record.path).toBe('/a?b=c');
  });

  it('tells of requests that reached no shard', () => {
    const { record } = logged(sample({ status: 400, code: 'NoShardKey' }));
    expect(record).toMatchObject({ status: 400, error: 'NoShardKey', queueMs: 50, attempts: 0 });
    for (const field of ['upstreamMs', 'firstByteMs', 'shard', 'endpoint', 'traceId'])
      expect(record).not.toHaveProperty(field);
  });

  it('is one line of ASCII that fits into one write, whatever the client sent', () => {
    for (const filler of ['a', '\\', '\x80', '\n']) {
      const { line, record } = logged(answered(`/\xff"\\${filler.repeat(20_000)}`));
      expect(line).toMatch(/^[\x20-\x7e]+$/);
      expect(line.length).toBeLessThan(CHUNK_BYTES);
      expect(record.path.slice(0, 4)).toBe('/\xff"\\');
      expect(record.path.length).toBeGreaterThan(400);
      expect(record.path.endsWith('…')).toBe(true);
    }
  });
});

it('one request in so many is told, by chance', () => {
  const write = (): void => {};
  const options = { query: false, clock: new FakeClock(), random: seededRandom(4), write };
  const all = new AccessLog({ ...options, every: 1 });
  const some = new AccessLog({ ...options, every: 50 });
  const told = (log: AccessLog) => Array.from({ length: 10_000 }, () => log.wants()).filter(Boolean).length;
  expect(told(all)).toBe(10_000);
  expect(told(some)).toBeGreaterThan(150);
  expect(told(some)).toBeLessThan(250);
});
