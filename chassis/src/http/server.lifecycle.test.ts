import { afterEach, describe, expect, test, vi } from 'vitest';
import { RawHttpClient, statusOf } from './testing/raw-client.ts';
import { HttpScene, type SceneOptions } from './testing/scene.ts';
import { type BackendBehaviour, echo, ok, ScriptedBackend } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const scenes: HttpScene[] = [];

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(options: SceneOptions): Promise<HttpScene> {
  const scene = await HttpScene.open(options);
  scenes.push(scene);
  return scene;
}

const slowly: BackendBehaviour = (request, connection) => setTimeout(() => echo(request, connection), 100);

describe('clients that leave', () => {
  test('two hundred in the middle of their requests leave no connection to the shard behind', async () => {
    const scene = await open({
      shards: [() => {}],
      topology: {
        failure: { onDeadShard: 'Fail', ejectAfter: 1000, retryAfter: '5s', timeout: '30s', onReturn: 'Serve' },
      },
    });
    const clients = await Promise.all(Array.from({ length: 200 }, () => scene.client()));
    for (const client of clients) client.send(scene.head(0));
    await vi.waitFor(() => expect(scene.backend(0).received.length).toBeGreaterThan(100), PATIENCE);
    for (const [i, client] of clients.entries()) {
      if (i % 2 === 0) client.socket.resetAndDestroy();
      else client.destroy();
    }
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    expect(scene.server.proxy?.active.length).toBe(0);
    expect(scene.server.proxy?.clients.size).toBe(0);
  });

  test('in the middle of a body: the shard is not left with half of it', async () => {
    const scene = await open({ shards: [echo] });
    const client = await scene.client();
    client.send(`${scene.head(0, 'POST', 'content-length: 10\r\n')}half`);
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBeGreaterThan(0), PATIENCE);
    client.destroy();
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    expect(scene.backend(0).received.length).toBe(0);
  });
});

describe('time-outs', () => {
  test('a connection that rests is closed after the server’s own time less a second, or the usual one', async () => {
    const scene = await open({ shards: [echo], limits: { upstreamIdleMs: 150 } });
    const client = await scene.client();
    await client.get('/');
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    scene.backend(0).behave = (_request, connection) => connection.say(ok('x', 'keep-alive: timeout=60\r\n'));
    await client.get('/');
    const from = performance.now();
    while (performance.now() - from < 400) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(scene.backend(0).open.size).toBe(1);
  });

  test('a head that comes too slowly gets 408; a client that rests too long is closed', async () => {
    const scene = await open({ shards: [echo], limits: { slowHeadMs: 200, clientIdleMs: 300 } });
    const slow = await scene.client();
    slow.send('GET / HTT');
    expect(statusOf(await slow.answer())).toBe(408);
    await slow.closed;
    const idle = await scene.client();
    await idle.closed;
    expect(idle.text).toBe('');
  });

  test('a body that comes too slowly gets 408', async () => {
    const scene = await open({ shards: [echo], limits: { slowBodyMs: 200 } });
    const client = await scene.client();
    client.send(`${scene.head(0, 'POST', 'content-length: 10\r\n')}half`);
    await vi.waitFor(() => expect(client.text).toMatch(/^HTTP\/1.1 408 /), { timeout: 20_000, interval: 50 });
  }, 25_000);
});

describe('refusals', () => {
  test.each([
    ['400', 'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n'],
    ['431', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`],
    ['501', 'CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n'],
    ['400', 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s reaches a client that goes on sending', async (status, text) => {
    const scene = await open({ shards: [echo] });
    const client = await scene.client();
    client.send(text + 'x'.repeat(200_000));
    const answer = await client.answer();
    expect(String(statusOf(answer))).toBe(status);
    expect(answer.headers['x-motif-error']).toBe('BadRequest');
    await client.closed;
    expect(client.error).toBe('');
  });

  test('above the limit of connections: 503', async () => {
    const scene = await open({ shards: [echo], limits: { clients: 2 } });
    const clients = await Promise.all([scene.client(), scene.client()]);
    for (const client of clients) expect(statusOf(await client.get('/'))).toBe(200);
    const third = await scene.client();
    const answer = await third.get('/');
    expect([statusOf(answer), answer.headers['retry-after']]).toEqual([503, '1']);
    clients[0]?.destroy();
    await vi.waitFor(async () => expect(statusOf(await scene.once(scene.head(0)))).toBe(200), PATIENCE);
  });
});

describe('topologies', () => {
  test('twenty changes under load lose and repeat nothing', async () => {
    const scene = await open({ shards: [slowly, slowly] });
    const others = await Promise.all([ScriptedBackend.start(slowly), ScriptedBackend.start(slowly)]);
    const clients = await Promise.all(Array.from({ length: 20 }, () => scene.client()));
    let over = false;
    let asked = 0;
    const bad: string[] = [];
    const load = clients.map(async (client, c) => {
      while (!over) {
        const path = `/${c}-${asked++}`;
        const answer = await client.ask(
          `POST ${path} HTTP/1.1\r\nhost: cart\r\nx-shard-key: ${c}\r\ncontent-length: 1\r\n\r\na`,
        );
        if (answer.body !== `POST ${path} HTTP/1.1|a`) bad.push(`${path}: ${answer.line} ${answer.body}`);
      }
    });
    const { topology } = scene;
    const [first, second] = topology.shards;
    for (let epoch = 2; epoch < 22; epoch++) {
      const shards = [first, second, third(others[epoch % 2]?.port ?? 0)].slice(
        0,
        2 + (epoch % 2),
      ) as typeof topology.shards;
      await scene.server.apply({ ...topology, epoch, shards });
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    over = true;
    await Promise.all(load);
    expect(bad).toEqual([]);
    const received = [scene.backend(0), scene.backend(1), ...others].reduce((sum, one) => sum + one.received.length, 0);
    expect(received).toBe(asked);
    await Promise.all(others.map((other) => other.stop()));
  }, 30_000);

  test('without endpoints for a shard the last ones stay', async () => {
    const scene = await open({ shards: [echo] });
    const shards = scene.topology.shards.map((shard) => ({ ...shard, endpoints: [] }));
    await scene.server.apply({ ...scene.topology, epoch: 2, shards });
    expect(statusOf(await scene.once(scene.head(0)))).toBe(200);
    expect(scene.server.proxy?.routing.shards[0]?.stale).toBe(true);
  });

  test('a shard with much more than its share of what is under way passes requests on, and takes them again', async () => {
    const scene = await open({
      shards: [() => {}, echo],
      topology: {
        failure: { onDeadShard: 'Fail', ejectAfter: 50, retryAfter: '5s', timeout: '30s', onReturn: 'Serve' },
        sharding: {
          algorithm: 'rendezvous',
          hash: 'rendezvous/v1',
          key: ['header:x-shard-key'],
          boundedLoadPercent: 125,
        },
      },
    });
    const clients = await Promise.all(Array.from({ length: 20 }, () => scene.client()));
    for (const client of clients) client.send(scene.head(0));
    await vi.waitFor(() => expect(scene.backend(1).received.length).toBeGreaterThan(5), PATIENCE);
    scene.backend(0).behave = echo;
    for (const client of clients) client.destroy();
    await vi.waitFor(() => expect(scene.server.proxy?.active.length).toBe(0), PATIENCE);
    const before = scene.backend(0).received.length;
    expect(statusOf(await scene.once(scene.head(0)))).toBe(200);
    expect(scene.backend(0).received.length).toBe(before + 1);
  });

  test('an endpoint that leaves: what rests is closed at once, what is under way ends there', async () => {
    const scene = await open({ shards: [slowly] });
    const other = await ScriptedBackend.start(echo);
    const [resting, busy] = [await scene.client(), await scene.client()];
    await resting.ask(scene.head(0));
    const answer = busy.ask(scene.head(0));
    await vi.waitFor(() => expect(scene.backend(0).received.length).toBe(2), PATIENCE);
    const endpoints = [{ name: 'cart-0-0', host: '127.0.0.1', port: other.port }];
    const shards = scene.topology.shards.map((shard) => ({ ...shard, endpoints }));
    await scene.server.apply({ ...scene.topology, epoch: 2, shards });
    expect((await answer).body).toBe('GET /path HTTP/1.1|');
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    expect(statusOf(await resting.ask(scene.head(0)))).toBe(200);
    expect(other.received.length).toBe(1);
    await other.stop();
  });
});

describe('drain', () => {
  test('answers what is under way, says so, and ends', async () => {
    const scene = await open({ shards: [slowly] });
    const [busy, idle] = [await scene.client(), await scene.client()];
    await idle.ask(scene.head(0));
    const answer = busy.ask(scene.head(0));
    await vi.waitFor(() => expect(scene.backend(0).received.length).toBe(2), PATIENCE);
    const { port } = scene;
    const drained = scene.server.drain(new AbortController().signal);
    expect((await answer).headers.connection).toBe('close');
    expect((await idle.ask(scene.head(0))).headers.connection).toBe('close');
    await drained;
    await expect(RawHttpClient.connect(port)).rejects.toThrow();
  });

  test('cuts off at the deadline what does not end', async () => {
    const scene = await open({ shards: [() => {}] });
    const client = await scene.client();
    client.send(scene.head(0));
    await vi.waitFor(() => expect(scene.backend(0).received.length).toBe(1), PATIENCE);
    await scene.server.drain(AbortSignal.timeout(100));
    await client.closed;
    expect(client.text).toBe('');
  });
});

function third(port: number) {
  return { name: 'cart-2', hashName: 'cart-2', weight: 1, endpoints: [{ name: 'cart-2-0', host: '127.0.0.1', port }] };
}
