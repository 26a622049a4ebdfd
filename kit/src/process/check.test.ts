import { afterEach, expect, test } from 'vitest';
import type { ReadinessChecks } from '../admin/readiness.ts';
import type { AdminServer } from '../admin/server.ts';
import { startAdminServer } from '../admin/server.ts';
import { systemClock } from '../clock/clock.ts';
import { silentLogger } from '../log/logger.ts';
import { createRegistry } from '../metrics/registry.ts';
import { runCheck } from './check.ts';

let server: AdminServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function check(url: string | undefined, timeoutMs = 0) {
  const lines: string[] = [];
  const code = await runCheck({ url, clock: systemClock, write: (line) => lines.push(line), timeoutMs });
  return { code, line: lines.join('\n') };
}

async function serve(checks: ReadinessChecks): Promise<string> {
  const registry = createRegistry({ component: 'sample', version: '0.0.0' });
  const listen = { host: '127.0.0.1', port: 0 };
  server = await startAdminServer({
    listen,
    checks,
    registry,
    settings: [],
    logger: silentLogger(),
    clock: systemClock,
  });
  return `http://127.0.0.1:${server.address.port}`;
}

test('ready', async () => {
  const url = await serve({});
  expect(await check(url)).toEqual({ code: 0, line: `${url} is ready` });
});

test('not ready tells why, and becoming ready within the time is enough', async () => {
  const checks: ReadinessChecks = { lease: () => ({ ok: false, reason: 'not asked yet' }) };
  const url = await serve(checks);
  expect(await check(url)).toMatchObject({ code: 1, line: expect.stringContaining('lease failed: not asked yet') });
  const later = check(url, 20_000);
  delete checks.lease;
  expect(await later).toMatchObject({ code: 0 });
});

test('nobody there, and a URL that is none', async () => {
  expect(await check('http://127.0.0.1:1')).toMatchObject({ code: 1 });
  for (const url of [undefined, 'motif:9900', 'ftp://x']) expect(await check(url)).toMatchObject({ code: 2 });
});
