import { expect, test } from 'vitest';
import type { HttpResult } from './run.ts';
import { httpTable } from './table.ts';

const latency = (p99: number) => ({ sent: 1, errors: 0, seconds: 1, p50: 1, p90: 2, p99, p999: 9, max: 9 });
const gone = (left: number) => ({ clients: 200, atOnce: 3, left, seconds: 0.4 });
const held = { started: 70, peak: 75 };

const result: HttpResult = {
  name: 'http',
  peer: 'nginx 1.22.1',
  haproxy: 'HAProxy 2.6.12',
  rounds: 5,
  cases: {
    small: {
      ...{ ours: 30, peer: 24, ratio: 0.8, min: 0.7, max: 0.9, direct: 50_000 },
      haproxy: { ours: 30, peer: 27, ratio: 0.9, min: 0.8, max: 1 },
      busy: { ours: 0.96, peer: 0.9, haproxy: 0.5 },
      waited: { ours: 0.01, peer: 0.02, haproxy: 0.03 },
      rate: { ours: 31_000, peer: undefined, haproxy: undefined },
    },
  },
  openLoop: {
    rate: 1000,
    latency: { direct: latency(1), ours: latency(3), peer: latency(2), haproxy: latency(2.5) },
    p99AboveNginx: 1,
  },
  aborts: { ours: gone(0), peer: gone(7), haproxy: gone(0) },
  memory: { ours: held, peer: held, haproxy: held },
};

test('every figure stands beside the name of the proxy that it belongs to', () => {
  const lines = httpTable(result).split('\n');
  expect(lines).toContain(
    '| small | 30 | 24 | 0.8 (0.7 to 0.9) | 27 | 0.9 (0.8 to 1) | 96 % / 90 % / 50 % | 1 % / 2 % / 3 % | 31k/s / not busy enough / not busy enough |',
  );
  expect(lines).toContain('| HAProxy | 1 | 2 | 2.5 | 9 |');
  expect(lines).toContain('| nginx | 3 | 7 after 0.4 s |');
  expect(lines).toContain('| ours | 3 | none after 0.4 s |');
});

test('what was not measured is left out', () => {
  const { name, peer, haproxy, rounds, memory } = result;
  const text = httpTable({ name, peer, haproxy, rounds, memory, cases: {} });
  for (const word of ['Open loop', 'Connections to backends', 'Without a proxy']) expect(text).not.toContain(word);
});
