import { ok, ScriptedBackend } from '@motif/chassis/http/testing/scripted-backend';
import { expect, it } from 'vitest';
import { median, PacedLoad, percentile } from './load.ts';

it('percentiles are values that were there', () => {
  const values = [5, 1, 4, 2, 3];
  expect([percentile(values, 99), percentile(values, 20), median(values)]).toEqual([5, 1, 3]);
  expect(percentile([], 50)).toBeNaN();
});

it('a paced load keeps its pace though answers wait, and tells what became of each', async () => {
  let asked = 0;
  const backend = await ScriptedBackend.start(({ line }, connection) => {
    asked++;
    if (line.includes('/cut')) connection.socket.destroy();
    else setTimeout(() => connection.say(ok('well')), 100);
  });
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
  const load = new PacedLoad({
    port: backend.port,
    rate: 100,
    requests: [get('/a'), get('/b'), get('/cut')],
    connections: 64,
  });
  load.start();
  while (asked < 30) await new Promise((resolve) => setTimeout(resolve, 5));
  await load.stop();
  const { latencies, outcomes } = load.take();
  await backend.stop();
  const sum = [...outcomes.values()].reduce((total, count) => total + count, 0);
  expect(sum).toBe(asked);
  expect(outcomes.get('200')).toBe(latencies.length);
  expect([...outcomes.keys()].toSorted()).toEqual(['200', 'closed']);
  expect(Math.abs((outcomes.get('closed') ?? 0) - asked / 3)).toBeLessThanOrEqual(1);
  expect(Math.min(...latencies)).toBeGreaterThan(95);
});
