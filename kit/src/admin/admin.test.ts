import { Registry } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../clock/clock.ts';
import { FakeClock } from '../clock/fake-clock.ts';
import { createLogger, silentLogger } from '../log/logger.ts';
import { TemporaryLogLevel } from './log-level.ts';
import type { ReadinessChecks } from './readiness.ts';
import { askReadiness } from './readiness.ts';
import type { AdminOptions, AdminServer } from './server.ts';
import { startAdminServer } from './server.ts';

const servers: AdminServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: Partial<AdminOptions> = {}) {
  const server = await startAdminServer({
    listen: { host: '127.0.0.1', port: 0 },
    checks: {},
    registry: new Registry(),
    settings: [{ name: 'PASSWORD', value: '***', default: null, source: 'environment', about: 'Secret.' }],
    logger: silentLogger(),
    clock: systemClock,
    ...options,
  });
  servers.push(server);
  return async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${server.address.port}${path}`, init);
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
  };
}

test('healthz is fine while nothing is ready', async () => {
  const checks: ReadinessChecks = { topology: () => ({ ok: false, reason: 'no file yet' }) };
  const ask = await start({ checks });
  expect(await ask('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
  expect(await ask('/readyz')).toMatchObject({ status: 503, text: '[-]topology failed: no file yet\nnot ready\n' });
  checks.topology = () => ({ ok: true, reason: 'epoch 7' });
  checks.shards = () => ({ ok: true });
  expect(await ask('/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
  expect(await ask('/readyz?verbose')).toMatchObject({ text: '[+]topology ok: epoch 7\n[+]shards ok\nok\n' });
});

test('a check that throws or hangs has failed, with the reason', async () => {
  const clock = new FakeClock();
  const asked = askReadiness(
    {
      broken: () => {
        throw new Error('no such shard');
      },
      hanging: () => new Promise(() => {}),
      fine: async () => ({ ok: true }),
    },
    clock,
  );
  await clock.advanceAsync(800);
  expect(await asked).toEqual({
    ok: false,
    checks: [
      { name: 'broken', ok: false, reason: 'no such shard' },
      { name: 'hanging', ok: false, reason: 'no answer within 800 ms' },
      { name: 'fine', ok: true },
    ],
  });
  expect(clock.pending).toBe(0);
});

test('metrics, settings and topology are served', async () => {
  let document: unknown;
  const ask = await start({ topology: () => document });
  expect(await ask('/metrics')).toMatchObject({ status: 200, type: expect.stringContaining('version=0.0.4') });
  expect(JSON.parse((await ask('/settings')).text)).toMatchObject([{ name: 'PASSWORD', value: '***' }]);
  expect((await ask('/topology')).status).toBe(503);
  document = { epoch: 7 };
  expect(await ask('/topology')).toMatchObject({ status: 200, text: '{"epoch":7}' });
  const none = await start();
  expect((await none('/topology')).status).toBe(404);
  expect(JSON.parse((await none('/nothing')).text).paths).toContain('/readyz');
});

test('pages of the container are served as JSON, and named where something else is asked for', async () => {
  const pages = new Map<string, () => unknown>();
  const ask = await start({ pages });
  expect((await ask('/hotkeys')).status).toBe(404);
  let asked = 0;
  pages.set('/hotkeys', () => ({ asked: ++asked }));
  expect(await ask('/hotkeys')).toMatchObject({ status: 200, text: '{"asked":1}' });
  expect(await ask('/hotkeys')).toMatchObject({ status: 200, text: '{"asked":2}' });
  expect((await ask('/hotkeys', { method: 'PUT', body: '{}' })).status).toBe(404);
  expect(JSON.parse((await ask('/nothing')).text).paths).toContain('/hotkeys');
});

describe('log level', () => {
  const put = (body: string): RequestInit => ({ method: 'PUT', body });

  test('PUT changes it for a while, a bad body is refused with the field', async () => {
    const logger = createLogger({ write: () => {} });
    const ask = await start({ logger });
    const changed = JSON.parse((await ask('/loglevel', put('{"level":"debug","for":"1m"}'))).text);
    expect(changed).toMatchObject({ level: 'debug', configured: 'info', expiresAt: expect.any(String) });
    expect(logger.level).toBe('debug');
    for (const [body, field] of [
      ['{"level":"loud"}', 'level is \\"loud\\"'],
      ['{"level":"debug","for":"25h"}', 'for is \\"25h\\"'],
      ['{"level":"debug","for":"0s"}', 'for is'],
      ['{}', 'level is not set'],
      ['{"level":"debug","until":"10m"}', 'until is no field'],
      ['{', 'JSON'],
    ] as const) {
      expect(await ask('/loglevel', put(body))).toMatchObject({ status: 400, text: expect.stringContaining(field) });
    }
    expect(logger.level).toBe('debug');
  });

  test('it expires, and a second change replaces the first', () => {
    const clock = new FakeClock();
    const logger = createLogger({ write: () => {}, level: 'warn' });
    const levels = new TemporaryLogLevel(logger, clock);
    levels.apply({ level: 'debug' });
    clock.advance(9 * 60_000);
    levels.apply({ level: 'info', for: '5m' });
    clock.advance(4 * 60_000);
    expect(logger.level).toBe('info');
    clock.advance(60_000);
    expect(levels.state()).toEqual({ level: 'warn', configured: 'warn' });
    expect(clock.pending).toBe(0);
  });
});

test('an address that is taken is told', async () => {
  await start();
  const taken = servers[0]?.address ?? expect.unreachable();
  await expect(start({ listen: taken })).rejects.toThrow(`cannot listen on 127.0.0.1:${taken.port} (admin)`);
});
