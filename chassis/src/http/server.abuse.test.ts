import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type RawHttpClient, statusOf } from './testing/raw-client.ts';
import { HttpScene, type SceneOptions } from './testing/scene.ts';
import { type BackendBehaviour, echo, ok } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const scenes: HttpScene[] = [];

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function beside(first: BackendBehaviour, options: Partial<SceneOptions> = {}): Promise<HttpScene> {
  const scene = await HttpScene.pair(first, options);
  scenes.push(scene);
  return scene;
}

async function clients(scene: HttpScene, count: number): Promise<RawHttpClient[]> {
  return Promise.all(Array.from({ length: count }, () => scene.client()));
}

/** What each waits for, and one that behaves is served meanwhile. */
async function whileServing<T>(scene: HttpScene, waits: readonly Promise<T>[]): Promise<T[]> {
  expect(statusOf(await scene.once(scene.head(1)))).toBe(200);
  return Promise.all(waits);
}

describe('clients that are slow', () => {
  test('with a head, a byte now and then: 408, and the connection ends', async () => {
    const scene = await beside(echo, { limits: { slowHeadMs: 200, lingerMs: 200 } });
    const many = await clients(scene, 50);
    const timer = setInterval(() => {
      for (const { socket } of many) if (socket.writable) socket.write('x');
    }, 20);
    try {
      for (const client of many) client.send('GET / HTTP/1.1\r\nx-slow: ');
      const answers = await whileServing(
        scene,
        many.map((client) => client.answer()),
      );
      expect(new Set(answers.map(({ line }) => line))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']));
      await Promise.all(many.map(({ closed }) => closed));
    } finally {
      clearInterval(timer);
    }
    await vi.waitFor(() => expect(scene.server.proxy?.clients.size).toBe(0), PATIENCE);
  });

  test('with a body: 408, and the shard’s connection ends as well', async () => {
    const scene = await beside(() => {}, { limits: { slowBodyMs: 200, lingerMs: 200 } });
    const many = await clients(scene, 20);
    for (const client of many) client.send(scene.head(0, 'POST', 'content-length: 100\r\n'));
    const answers = await whileServing(
      scene,
      many.map((client) => client.answer()),
    );
    expect(new Set(answers.map(({ line }) => line))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']));
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
  });

  test('but go on sending their body are waited for', async () => {
    const scene = await beside(echo, { limits: { slowBodyMs: 300 } });
    const client = await scene.client();
    const answer = client.answer();
    client.send(scene.head(0, 'POST', 'content-length: 10\r\n'));
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      client.send('x');
    }
    expect((await answer).body).toContain('xxxxxxxxxx');
  });

  test('between requests are sent away after a while, without a word', async () => {
    const scene = await beside(echo, { limits: { clientIdleMs: 100 } });
    const [used, unused] = (await clients(scene, 2)) as [RawHttpClient, RawHttpClient];
    await used.ask(scene.head(0));
    await Promise.all([used.closed, unused.closed]);
    expect([used.error, unused.error, unused.text]).toEqual(['', '', '']);
  });

  test('in taking an answer hold back the shard instead of filling the proxy, and are cut off in the end', async () => {
    const size = 64 * 1024 * 1024;
    let written = 0;
    const scene = await beside(
      (_request, { socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
        const block = Buffer.alloc(64 * 1024);
        const more = () => {
          while (written < size && !socket.destroyed) {
            written += block.length;
            if (!socket.write(block)) return;
          }
        };
        socket.on('drain', more);
        more();
      },
      { limits: { slowBodyMs: 500 } },
    );
    const client = await scene.client();
    client.socket.pause();
    client.send(scene.head(0));
    await vi.waitFor(() => expect(scene.backend(0).received).toHaveLength(1), PATIENCE);
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    // What is on its way stands in the buffers of four sockets, not in the proxy.
    expect(written).toBeLessThan(size / 2);
    expect(scene.server.proxy?.active.length).toBe(0);
    expect(statusOf(await scene.once(scene.head(1)))).toBe(200);
  });
});

describe('clients that send too much', () => {
  test.each([
    ['a field that is too long', (scene: HttpScene) => scene.head(0, 'GET', `x-bomb: ${'b'.repeat(40_000)}\r\n`), 431],
    ['too many fields', (scene: HttpScene) => scene.head(0, 'GET', 'a: b\r\n'.repeat(10_000)), 431],
    ['a target that is too long', () => `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 414],
    ['a head that never ends', () => `GET / HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(400_000)}`, 431],
  ])('%s: they can read why, and others are served', async (_, text, status) => {
    const scene = await beside(echo, { limits: { lingerMs: 200 } });
    const many = await clients(scene, 10);
    const answers = many.map((client) => client.answer());
    for (const client of many) client.send(text(scene));
    const statuses = (await whileServing(scene, answers)).map(statusOf);
    expect(new Set(statuses)).toEqual(new Set([status]));
    await Promise.all(many.map(({ closed }) => closed));
    expect(scene.backend(0).received).toHaveLength(0);
  });

  test('in as many writes as bytes: each request is answered once, in order', async () => {
    const scene = await beside(echo);
    const client = await scene.client();
    const bodies = Array.from({ length: 40 }, (_, i) => `body ${i}`);
    const text = bodies
      .map((body, i) => `${scene.head(i % 2, 'POST', `content-length: ${body.length}\r\n`)}${body}`)
      .join('');
    const answers = bodies.map(() => client.answer());
    for (const byte of text) {
      client.send(byte);
      // Each byte a packet of its own: the next one when this one has left.
      if (client.socket.writableLength > 0) await once(client.socket, 'drain');
    }
    const got = await Promise.all(answers);
    expect(got.map(({ body }) => body.split('|')[1])).toEqual(bodies);
  });

  test('pipelined beyond what is buffered: each is answered once, in order', async () => {
    const scene = await beside(echo);
    const client = await scene.client();
    const paths = Array.from({ length: 3000 }, (_, i) => `/path/${i}`);
    const answers = paths.map(() => client.answer());
    client.send(paths.map((path, i) => scene.head(i % 2).replace('/path', path)).join(''));
    const got = await Promise.all(answers);
    expect(got.map(({ body }) => body.split(' ')[1])).toEqual(paths);
  });

  test('connections: 503 above the limit, service below it', async () => {
    const scene = await beside(echo, { limits: { clients: 10 } });
    const first = await clients(scene, 10);
    const [extra] = (await clients(scene, 1)) as [RawHttpClient];
    const answer = await extra.answer();
    expect([statusOf(answer), answer.headers['retry-after']]).toEqual([503, '1']);
    for (const client of first) expect(statusOf(await client.ask(scene.head(1)))).toBe(200);
    first[0]?.destroy();
    await vi.waitFor(async () => expect(statusOf(await scene.once(scene.head(1)))).toBe(200), PATIENCE);
  });

  test('requests to one shard: 503 with Retry-After above its limit and queue, and the other shard is as before', async () => {
    // However slow the machine is, the shard is not ejected meanwhile: then the answers would be others.
    const failure = {
      onDeadShard: 'Fail',
      ejectAfter: 1000,
      retryAfter: '5s',
      timeout: '30s',
      onReturn: 'Serve',
    } as const;
    const scene = await beside(() => {}, { topology: { failure } });
    const many = await clients(scene, 400);
    let shed = 0;
    for (const client of many) {
      client.send(scene.head(0));
      client.answer().then(
        (answer) => {
          if (answer.headers['x-motif-error'] === 'Overloaded' && answer.headers['retry-after'] === '1') shed++;
        },
        () => {},
      );
    }
    await vi.waitFor(() => expect(shed).toBeGreaterThanOrEqual(100), PATIENCE);
    for (let i = 0; i < 20; i++) expect(statusOf(await scene.once(scene.head(1)))).toBe(200);
  });
});

describe('clients that leave', () => {
  test('half: who only sends no more gets the answer', async () => {
    const scene = await beside((request, connection) => void setTimeout(() => echo(request, connection), 100));
    const many = await Promise.all(Array.from({ length: 20 }, () => scene.client(true)));
    const answers = many.map((client) => client.answer());
    for (const client of many) client.socket.end(scene.head(0), 'latin1');
    expect(new Set((await Promise.all(answers)).map(statusOf))).toEqual(new Set([200]));
    await Promise.all(many.map(({ closed }) => closed));
    await vi.waitFor(() => expect(scene.server.proxy?.clients.size).toBe(0), PATIENCE);
  });

  test.each([
    ['in the head of a request', (client: RawHttpClient) => client.send('GET / HTTP/1.1\r\nhos')],
    ['waiting for an answer', (client: RawHttpClient, head: string) => client.send(head)],
    [
      'in the body of a request',
      (client: RawHttpClient, head: string) =>
        client.send(`${head.replace('GET', 'POST').slice(0, -2)}content-length: 9\r\n\r\nx`),
    ],
  ])('with a reset %s: nothing of them is left', async (_, send) => {
    const scene = await beside(() => {});
    const many = await clients(scene, 30);
    for (const client of many) send(client, scene.head(0));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const { socket } of many) socket.resetAndDestroy();
    await vi.waitFor(() => expect(scene.server.proxy?.clients.size).toBe(0), PATIENCE);
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    expect(scene.server.proxy?.active.length).toBe(0);
    expect(statusOf(await scene.once(scene.head(1)))).toBe(200);
  });

  test('200 in the middle of an answer: no connection to the shard is left', async () => {
    const scene = await beside(
      (_request, { socket }) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nthe first of it');
      },
      { limits: { halfClosedMs: 50 } },
    );
    const many = await clients(scene, 200);
    const begun = many.map((client) => once(client.socket, 'data'));
    // Not all at once: a shard has a limit.
    for (const [i, client] of many.entries()) {
      client.send(scene.head(0));
      await begun[i];
      client.destroy();
    }
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    expect(scene.backend(0).received).toHaveLength(200);
    expect(scene.server.proxy?.active.length).toBe(0);
  });

  test('200 before their answer: the same', async () => {
    const scene = await beside(() => {});
    for (let round = 0; round < 4; round++) {
      const many = await clients(scene, 50);
      for (const client of many) client.send(scene.head(0));
      await vi.waitFor(() => expect(scene.backend(0).received).toHaveLength(50 * (round + 1)), PATIENCE);
      for (const client of many) client.socket.resetAndDestroy();
      await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    }
    scene.backend(0).behave = (_request, connection) => connection.say(ok('well'));
    expect((await scene.once(scene.head(0))).body).toBe('well');
  });
});
