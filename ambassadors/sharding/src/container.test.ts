import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, createServer as createPortFinder } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpTopology } from '@motif/api';
import { localHttpTopology } from '@motif/api/topology/testing';
import { afterEach, expect, it, vi } from 'vitest';

const servers: Server[] = [];
const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A server that answers with the number of its shard, and keeps what it was sent. */
async function backend(answer: string, received: string[] = []): Promise<number> {
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk) => (body += chunk));
    incoming.on('end', () => {
      received.push(`${incoming.method} ${incoming.url} ${incoming.headers.traceparent ?? ''} ${body}`);
      response.setHeader('content-type', 'application/json').end(answer);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const finder = createPortFinder();
  await new Promise<void>((resolve) => finder.listen(0, '127.0.0.1', resolve));
  const { port } = finder.address() as AddressInfo;
  await new Promise((resolve) => finder.close(resolve));
  return port;
}

/** The container's program with this topology, on a port of the topology. */
async function started(topology: (port: number) => HttpTopology, env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'motif-sharding-'));
  folders.push(folder);
  const [port, admin] = [await freePort(), await freePort()];
  const file = join(folder, 'topology.json');
  writeFileSync(file, JSON.stringify(topology(port)));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { TOPOLOGY: file, ADMIN_LISTEN: `127.0.0.1:${admin}`, ...env },
  });
  children.push(child);
  const lines: string[] = [];
  child.stdout.on('data', (chunk) => lines.push(...String(chunk).split('\n').filter(Boolean)));
  const page = async (path: string) => (await fetch(`http://127.0.0.1:${admin}${path}`)).text();
  await vi.waitFor(async () => expect(await page('/readyz')).toBe('ok\n'), { timeout: 10_000, interval: 50 });
  return { child, lines, page, port, file, ended: new Promise<number | null>((resolve) => child.on('close', resolve)) };
}

/** One request over a connection of its own. */
function ask(
  port: number,
  headers: Record<string, string>,
  path = '/a?q=1',
): Promise<{ status: number; body: string; error: unknown }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, error: response.headers['x-motif-error'] }),
      );
    });
    outgoing.on('error', reject).end();
  });
}

it('the container serves http: by key, logged, traced, with hot keys and loads, to the end of its drain', async () => {
  const spans: string[] = [];
  const received: string[] = [];
  const [collector, ...shards] = [
    await backend('{}', spans),
    await backend('0', received),
    await backend('1', received),
  ];
  const sharding = { algorithm: 'rendezvous' as const, hash: 'rendezvous/v1' as const, key: ['header:x-user'] };
  const { child, lines, page, port, ended } = await started((at) => localHttpTopology(shards, { port: at, sharding }), {
    ACCESS_LOG: 'all',
    HOT_KEYS: 'all',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector}`,
    OTEL_SERVICE_NAME: 'shop',
  });
  const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
  const first = await Promise.all(users.map((user) => ask(port, { 'x-user': user })));
  const again = await Promise.all(users.map((user) => ask(port, { 'x-user': user })));
  expect(new Set(first.map(({ body }) => body))).toEqual(new Set(['0', '1']));
  expect(again).toEqual(first);
  expect(await ask(port, {})).toMatchObject({ status: 400, error: 'NoShardKey' });
  const hot = JSON.parse(await page('/hotkeys'));
  expect(hot.keys).toHaveLength(20);
  await vi.waitFor(
    async () => {
      const { epoch, load } = JSON.parse(await page('/topology'));
      expect(epoch).toBe(1);
      expect(load.map(({ shard }: { shard: string }) => shard)).toEqual(['cart-0', 'cart-1']);
    },
    { timeout: 5000 },
  );
  const metrics = await page('/metrics');
  expect(metrics).toMatch(/motif_http_requests_total\{shard="cart-0",method="GET",status="2xx"\} \d/);
  expect(metrics).toContain('motif_http_own_answers_total{code="NoShardKey"} 1');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  const logged = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
  expect(logged).toHaveLength(41);
  expect(logged[0]).toMatchObject({
    path: '/a',
    status: 200,
    attempts: 1,
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(spans).toHaveLength(1);
  expect(spans[0]).toContain('"stringValue":"shop"');
  // Every trace that a shard was told of is one that was recorded.
  for (const line of received) expect(spans[0]).toContain(line.split(' ')[2]?.split('-')[2] ?? 'none');
});

it('a key that puts all requests of a pod on one shard is refused, and told', async () => {
  const shards = [await backend('0'), await backend('1')];
  const byAddress = { algorithm: 'rendezvous' as const, hash: 'rendezvous/v1' as const, key: ['ip'] };
  const { page, port, file } = await started((at) => localHttpTopology(shards, { port: at }), {});
  writeFileSync(file, JSON.stringify(localHttpTopology(shards, { port, epoch: 2, sharding: byAddress })));
  await vi.waitFor(
    async () => expect(await page('/readyz')).toContain('cart epoch 2 is refused: sharding.key is ["ip"]'),
    {
      timeout: 8000,
    },
  );
  // What was in force stays.
  expect(await ask(port, { 'x-shard-key': 'a' })).toMatchObject({ status: 200 });
});
