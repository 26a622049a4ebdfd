import { afterEach, describe, expect, test, vi } from 'vitest';
import { statusOf } from './testing/raw-client.ts';
import { HttpScene, type SceneOptions } from './testing/scene.ts';
import { type BackendBehaviour, echo, ScriptedBackend } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const scenes: HttpScene[] = [];
const FAILURE = { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '5s', timeout: '5s', onReturn: 'Serve' } as const;

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function open(options: SceneOptions): Promise<HttpScene> {
  const scene = await HttpScene.open(options);
  scenes.push(scene);
  return scene;
}

/** Answers the first request of a connection, and closes the connection at the second one without a byte. */
function closesAtSecond(): BackendBehaviour {
  const seen = new Map<object, number>();
  return (request, connection) => {
    const count = (seen.get(connection.socket) ?? 0) + 1;
    seen.set(connection.socket, count);
    if (count === 1) echo(request, connection);
    else connection.socket.destroy();
  };
}

describe('a kept connection that is closed when the next request comes', () => {
  test.each(['GET', 'PUT', 'DELETE'])('%s is sent again over a new one', async (method) => {
    const scene = await open({ shards: [closesAtSecond()] });
    const client = await scene.client();
    const body = method === 'PUT' ? 'content-length: 3\r\n' : '';
    const text = scene.head(0, method, body) + (method === 'PUT' ? 'abc' : '');
    for (let i = 0; i < 4; i++) expect(statusOf(await client.ask(text))).toBe(200);
    const attempts = scene.backend(0).received.map(({ headers }) => headers['x-motif-attempt'] ?? '1');
    expect(attempts).toEqual(['1', '1', '2', '1', '2', '1', '2']);
  });

  test('POST is not, unless it has an Idempotency-Key', async () => {
    const scene = await open({ shards: [closesAtSecond()] });
    const client = await scene.client();
    const post = (headers: string) => client.ask(`${scene.head(0, 'POST', `content-length: 2\r\n${headers}`)}ab`);
    expect(statusOf(await post(''))).toBe(200);
    const failed = await post('');
    expect([statusOf(failed), failed.headers['x-motif-error']]).toEqual([502, 'BadUpstream']);
    expect(statusOf(await post('idempotency-key: k1\r\n'))).toBe(200);
    const again = await post('idempotency-key: k2\r\n');
    expect([statusOf(again), again.body]).toEqual([200, 'POST /path HTTP/1.1|ab']);
  });

  test('a caller that does its own retries is told', async () => {
    const scene = await open({ shards: [closesAtSecond()] });
    const client = await scene.client();
    expect(statusOf(await client.ask(scene.head(0)))).toBe(200);
    expect(statusOf(await client.ask(scene.head(0, 'GET', 'x-motif-attempt: 2\r\n')))).toBe(502);
    expect(scene.backend(0).received.at(-1)?.headers['x-motif-attempt']).toBe('2');
  });

  test('a connection that ends just as the request comes: the request is sent again', async () => {
    const scene = await open({ shards: [echo] });
    const client = await scene.client();
    for (let i = 0; i < 10; i++) {
      expect(statusOf(await client.ask(scene.head(0)))).toBe(200);
      // The end of the kept connection and the next request arrive together, in whichever order.
      for (const socket of scene.backend(0).open) socket.end();
      const answer = await client.ask(scene.head(0));
      expect(statusOf(answer)).toBe(200);
    }
  });

  test('an answer that has begun is never asked for again', async () => {
    const scene = await open({
      shards: [(_request, { socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')],
    });
    const client = await scene.client();
    client.send(scene.head(0));
    await client.closed;
    expect(client.text).toMatch(/\r\n\r\nhalf$/);
    expect(scene.backend(0).received.length).toBe(1);
  });
});

describe('a refused connection', () => {
  test('of one replica: the other one takes the request, also a POST', async () => {
    const scene = await open({ shards: [[echo, echo]] });
    await scene.backends[0]?.[0]?.stop();
    const client = await scene.client();
    for (let i = 0; i < 10; i++) {
      const answer = await client.ask(`${scene.head(0, 'POST', 'content-length: 2\r\n')}ab`);
      expect([statusOf(answer), answer.body]).toEqual([200, 'POST /path HTTP/1.1|ab']);
    }
    expect(scene.backends[0]?.[1]?.received.length).toBe(10);
  });

  test('of one replica, with a body that is too large to be kept: it waits until a connection is up', async () => {
    const scene = await open({ shards: [[echo, echo]] });
    await scene.backends[0]?.[0]?.stop();
    const client = await scene.client();
    const body = 'x'.repeat(500_000);
    for (let i = 0; i < 10; i++) {
      const answer = await client.ask(`${scene.head(0, 'POST', `content-length: ${body.length}\r\n`)}${body}`);
      expect([statusOf(answer), answer.body.length]).toEqual([200, body.length + 'POST /path HTTP/1.1|'.length]);
    }
  });

  test('of a whole shard: with Rehash the next owner takes over, and hands back', async () => {
    const failure = { ...FAILURE, onDeadShard: 'Rehash', retryAfter: '100ms' } as const;
    const scene = await open({ shards: [echo, echo], topology: { failure } });
    const { port } = scene.backend(0);
    await scene.backend(0).stop();
    const client = await scene.client();
    for (let i = 0; i < 10; i++) expect(statusOf(await client.ask(scene.head(0)))).toBe(200);
    expect(scene.backend(1).received.length).toBe(10);
    const again = await ScriptedBackend.start(echo, port);
    await vi.waitFor(async () => {
      expect(statusOf(await client.ask(scene.head(0)))).toBe(200);
      expect(again.received.length).toBeGreaterThan(0);
    }, PATIENCE);
    await again.stop();
  });

  test('retries stop at a fifth', async () => {
    const scene = await open({ shards: [echo], topology: { failure: { ...FAILURE, ejectAfter: 1_000_000 } } });
    await scene.backend(0).stop();
    const client = await scene.client();
    const retries = () => scene.server.proxy?.begun ?? 0;
    for (let i = 0; i < 100; i++) expect(statusOf(await client.ask(scene.head(0)))).toBe(503);
    expect(retries()).toBe(100);
    const metrics = scene.server.proxy?.routing.shards[0]?.circuit.failures ?? 0;
    // A hundred first attempts, ten retries from the start, a fifth of a hundred on top.
    expect(metrics).toBeGreaterThan(100);
    expect(metrics).toBeLessThanOrEqual(131);
  });
});

describe('deadlines', () => {
  test('shrink on the way, and a caller that waits no longer gets 504 without harm to the shard', async () => {
    const scene = await open({ shards: [() => {}] });
    const client = await scene.client();
    for (let i = 0; i < 4; i++) {
      const answer = await client.ask(scene.head(0, 'GET', 'x-request-deadline-ms: 120\r\n'));
      expect([statusOf(answer), answer.headers['x-motif-error']]).toEqual([504, 'Deadline']);
    }
    const left = Number(scene.backend(0).received[0]?.headers['x-request-deadline-ms']);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(120);
    expect(scene.server.proxy?.routing.shards[0]?.circuit.open).toBe(false);
  });
});
