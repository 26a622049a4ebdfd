import { afterEach, describe, expect, test, vi } from 'vitest';
import { type RawHttpClient, statusOf } from './testing/raw-client.ts';
import { HttpScene, type SceneOptions } from './testing/scene.ts';
import { type BackendBehaviour, echo, ok } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const FAILURE = { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '5s', timeout: '300ms', onReturn: 'Serve' } as const;
const scenes: HttpScene[] = [];

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** A shard that behaves like this beside one that echoes. */
async function beside(first: BackendBehaviour, options: Partial<SceneOptions> = {}): Promise<HttpScene> {
  const scene = await HttpScene.pair(first, { ...options, topology: { failure: FAILURE, ...options.topology } });
  scenes.push(scene);
  return scene;
}

/** The statuses and codes of one request after the other. */
async function asked(client: RawHttpClient, text: string, times: number): Promise<string[]> {
  const seen: string[] = [];
  for (let i = 0; i < times; i++) {
    const answer = await client.ask(text);
    seen.push(`${statusOf(answer)} ${answer.headers['x-motif-error'] ?? ''}`.trim());
  }
  return seen;
}

async function expectOthersWell(scene: HttpScene): Promise<void> {
  expect(statusOf(await scene.once(scene.head(1)))).toBe(200);
}

describe('what a client of a shard sees that', () => {
  test('hangs: 504 after the time-out, then 503 at once; the other shard is as before', async () => {
    const scene = await beside(() => {});
    const client = await scene.client();
    expect(await asked(client, scene.head(0), 3)).toEqual(Array.from({ length: 3 }, () => '504 ShardTimeout'));
    const from = performance.now();
    const answer = await client.ask(scene.head(0));
    expect(performance.now() - from).toBeLessThan(250);
    expect(statusOf(answer)).toBe(503);
    expect(answer.headers['x-motif-error']).toBe('ShardDown');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(answer.body).toMatch(/^cart-0 .*\n$/);
    await expectOthersWell(scene);
    // What was given up is not left open.
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
  });

  test('refuses connections: 503, and again 200 when it is back', async () => {
    const scene = await beside(echo, { topology: { failure: { ...FAILURE, retryAfter: '100ms' } } });
    const { port } = scene.backend(0);
    await scene.backend(0).stop();
    const client = await scene.client();
    expect(new Set(await asked(client, scene.head(0), 5))).toEqual(new Set(['503 ShardDown']));
    await expectOthersWell(scene);
    const { ScriptedBackend } = await import('./testing/scripted-backend.ts');
    const again = await ScriptedBackend.start(echo, port);
    try {
      await vi.waitFor(async () => expect(await asked(client, scene.head(0), 1)).toEqual(['200']), PATIENCE);
    } finally {
      await again.stop();
    }
  });

  test.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2p1\r\n\r\n'],
    ['a broken status line', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\na'],
    ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`],
    ['NUL bytes', '\0'.repeat(100)],
  ])('answers garbage (%s): 502, and nothing of it', async (_, garbage) => {
    const scene = await beside((_request, connection) => connection.say(garbage));
    const client = await scene.client();
    const answer = await client.ask(scene.head(0));
    expect([statusOf(answer), answer.headers['x-motif-error']]).toEqual([502, 'BadUpstream']);
    expect(client.text).not.toContain(garbage.slice(0, 12));
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    // The client's connection goes on.
    expect(await asked(client, scene.head(1), 1)).toEqual(['200']);
  });

  test('answers byte by byte: the answer, whole', async () => {
    const scene = await beside((_request, { socket }) => {
      for (const byte of ok('slow but well', 'x-a: b\r\n')) socket.write(byte);
    });
    const answer = await scene.once(scene.head(0));
    expect([statusOf(answer), answer.body, answer.headers['x-a']]).toEqual([200, 'slow but well', 'b']);
  });

  test('takes longer than the time-out for a head in crumbs: 504', async () => {
    const scene = await beside((_request, { socket }) => {
      const crumbs = [...ok('never whole')];
      const timer = setInterval(() => void socket.write(crumbs.shift() ?? ''), 20);
      socket.once('close', () => clearInterval(timer));
    });
    expect(await asked(await scene.client(), scene.head(0), 1)).toEqual(['504 ShardTimeout']);
  });

  test('takes longer than the time-out for a body: the answer, as it comes', async () => {
    const scene = await beside((_request, { socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n');
      let left = 10;
      const timer = setInterval(() => {
        socket.write('x');
        if (--left === 0) clearInterval(timer);
      }, 50);
    });
    expect((await scene.once(scene.head(0))).body).toBe('xxxxxxxxxx');
  });

  test.each([
    ['with a length', 'content-length: 100\r\n\r\nhalf of it'],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\na\r\nhalf of it\r\n'],
    ['in the middle of a chunk', 'transfer-encoding: chunked\r\n\r\nff\r\nhalf of it'],
  ])('closes in mid-answer %s: the part, then the end of the connection, never a whole answer', async (_, rest) => {
    const scene = await beside((_request, { socket }) => void socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    const client = await scene.client();
    await expect(client.ask(scene.head(0))).rejects.toThrow('closed');
    await client.closed;
    expect(client.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(client.text).toContain('half of it');
    expect(client.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(client.text).not.toContain('\r\n0\r\n\r\n');
    await expectOthersWell(scene);
  });

  test('resets in an answer that only the close would end: a reset, not an end', async () => {
    const scene = await beside((_request, { socket }) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nthe first part', () => setTimeout(() => socket.resetAndDestroy(), 50));
    });
    const client = await scene.client();
    // To HTTP/1.0 the body goes without chunks: its end is the connection's.
    client.send(scene.head(0).replace('HTTP/1.1', 'HTTP/1.0'));
    await client.closed;
    expect(client.text).toContain('the first part');
    expect(client.error).toBe('ECONNRESET');
  });

  test('closes before any answer: what may not be sent twice was sent once, and its client is told', async () => {
    const scene = await beside((_request, { socket }) => socket.destroy());
    const post = `${scene.head(0, 'POST', 'content-length: 2\r\n')}hi`;
    expect(await asked(await scene.client(), post, 1)).toEqual(['502 BadUpstream']);
    expect(scene.backend(0).received).toHaveLength(1);
  });
});

describe('a kept connection that the shard has closed', () => {
  /** Answers the first request of each connection; at the second it closes instead. */
  const once: BackendBehaviour = (request, connection) => {
    const seen = (connection.socket as unknown as { seen?: boolean }).seen === true;
    if (seen) connection.socket.destroy();
    else echo(request, connection);
    Object.assign(connection.socket, { seen: true });
  };

  test('costs a GET nothing, nor a POST with an Idempotency-Key', async () => {
    const scene = await beside(once);
    const client = await scene.client();
    expect(await asked(client, scene.head(0), 4)).toEqual(['200', '200', '200', '200']);
    const post = `${scene.head(0, 'POST', 'idempotency-key: a\r\ncontent-length: 2\r\n')}hi`;
    expect(await asked(client, post, 2)).toEqual(['200', '200']);
    expect(
      scene.backend(0).received.filter(({ headers }) => headers['x-motif-attempt'] === '2').length,
    ).toBeGreaterThan(0);
  });

  test('is the end of a POST without one, and of a caller that retries itself', async () => {
    const scene = await beside(once);
    const client = await scene.client();
    const post = `${scene.head(0, 'POST', 'content-length: 2\r\n')}hi`;
    expect(await asked(client, post, 2)).toEqual(['200', '502 BadUpstream']);
    expect(scene.backend(0).received).toHaveLength(2);
    const own = scene.head(0, 'GET', 'x-motif-attempt: 1\r\n');
    expect(await asked(client, own, 2)).toEqual(['200', '502 BadUpstream']);
  });

  test('or on which it sent what nobody asked for is not used again', async () => {
    const scene = await beside((request, connection) => {
      echo(request, connection);
      connection.say(ok('for nobody'));
    });
    const client = await scene.client();
    for (let i = 0; i < 3; i++) expect((await client.ask(scene.head(0))).body).toMatch(/^GET \/path/);
    expect(client.text).not.toContain('for nobody');
    expect(scene.backend(0).connections).toBeGreaterThanOrEqual(3);
  });
});

describe('failures that are not the shard’s', () => {
  test('short deadlines of callers do not eject it', async () => {
    const scene = await beside((request, connection) => void setTimeout(() => echo(request, connection), 100));
    const client = await scene.client();
    const hurried = scene.head(0, 'GET', 'x-request-deadline-ms: 1\r\n');
    expect(new Set(await asked(client, hurried, 5))).toEqual(new Set(['504 Deadline']));
    expect(await asked(client, scene.head(0), 1)).toEqual(['200']);
  });

  test('clients that leave do not eject it, and leave no connection behind', async () => {
    const scene = await beside(() => {}, {
      topology: { failure: { ...FAILURE, timeout: '20s' } },
      limits: { halfClosedMs: 50 },
    });
    for (let i = 0; i < 10; i++) {
      const client = await scene.client();
      client.send(scene.head(0));
      await vi.waitFor(() => expect(scene.backend(0).received).toHaveLength(i + 1), PATIENCE);
      client.destroy();
    }
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    scene.backend(0).behave = echo;
    expect(statusOf(await scene.once(scene.head(0)))).toBe(200);
  });

  test('errors of the application do not eject it', async () => {
    const scene = await beside((_request, connection) =>
      connection.say('HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n'),
    );
    expect(await asked(await scene.client(), scene.head(0), 10)).toEqual(Array.from({ length: 10 }, () => '500'));
  });
});

describe('replicas of a shard', () => {
  test('one that fails is left out, and its requests are answered by the others', async () => {
    const scene = await HttpScene.open({
      shards: [[echo, (_request, { socket }) => socket.destroy()]],
      topology: { failure: FAILURE },
    });
    scenes.push(scene);
    const seen = await asked(await scene.client(), scene.head(0), 100);
    expect(seen.slice(20)).toEqual(Array.from({ length: 80 }, () => '200'));
    expect(scene.backends[0]?.[1]?.received.length).toBeLessThanOrEqual(10);
  });

  test('one that refuses costs nobody an error', async () => {
    const scene = await HttpScene.open({ shards: [[echo, echo]], topology: { failure: FAILURE } });
    scenes.push(scene);
    await scene.backends[0]?.[1]?.stop();
    const post = `${scene.head(0, 'POST', 'content-length: 2\r\n')}hi`;
    expect(await asked(await scene.client(), post, 50)).toEqual(Array.from({ length: 50 }, () => '200'));
  });
});

describe('a dead shard with onDeadShard: Rehash', () => {
  test('has its requests answered by the next owner, always the same, until it is back', async () => {
    const scene = await HttpScene.open({
      shards: [echo, echo, echo],
      topology: { failure: { ...FAILURE, onDeadShard: 'Rehash', retryAfter: '100ms' } },
    });
    scenes.push(scene);
    await scene.backend(0).stop();
    const client = await scene.client();
    expect(await asked(client, scene.head(0), 30)).toEqual(Array.from({ length: 30 }, () => '200'));
    const counts = [1, 2].map((shard) => scene.backend(shard).received.length).toSorted((a, b) => a - b);
    expect(counts).toEqual([0, 30]);
  });
});
