import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { statusOf } from './testing/raw-client.ts';
import { HttpScene, type SceneOptions } from './testing/scene.ts';
import { type BackendBehaviour, echo, ok } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const scenes: HttpScene[] = [];

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function before(behave: BackendBehaviour, options: Partial<SceneOptions> = {}): Promise<HttpScene> {
  const scene = await HttpScene.open({ shards: [behave], ...options });
  scenes.push(scene);
  return scene;
}

describe('one request after the other', () => {
  test('uses one connection on either side', async () => {
    const scene = await before(echo);
    const client = await scene.client();
    for (let i = 0; i < 5; i++) expect((await client.get(`/${i}`)).body).toBe(`GET /${i} HTTP/1.1|`);
    expect(scene.backend(0).connections).toBe(1);
  });

  test('pipelined: answered in order, whatever the shards do', async () => {
    const slow: BackendBehaviour = (request, connection) => setTimeout(() => echo(request, connection), 30);
    const scene = await HttpScene.open({ shards: [slow, echo] });
    scenes.push(scene);
    const client = await scene.client();
    const heads = Array.from({ length: 20 }, (_, i) => scene.head(i % 2).replace('/path', `/${i}`));
    client.send(heads.join(''));
    for (let i = 0; i < 20; i++) expect((await client.answer()).body).toBe(`GET /${i} HTTP/1.1|`);
  });

  test('pipelined and cut anywhere', async () => {
    const scene = await before(echo);
    const text = `${scene.head(0, 'POST', 'content-length: 3\r\n')}abc${scene.head(0)}${scene.head(0, 'POST', 'transfer-encoding: chunked\r\n')}2\r\nde\r\n0\r\n\r\n`;
    for (let at = 1; at < text.length; at += 7) {
      const client = await scene.client();
      client.send(text.slice(0, at));
      await new Promise(setImmediate);
      client.send(text.slice(at));
      const bodies = [await client.answer(), await client.answer(), await client.answer()].map(({ body }) => body);
      expect(bodies).toEqual(['POST /path HTTP/1.1|abc', 'GET /path HTTP/1.1|', 'POST /path HTTP/1.1|de']);
      client.destroy();
    }
  });

  test('more pipelined requests than are read ahead', async () => {
    const scene = await before(echo);
    const client = await scene.client();
    const count = 3000;
    client.send(scene.head(0, 'GET', `x: ${'y'.repeat(60)}\r\n`).repeat(count));
    for (let i = 0; i < count; i++) expect(statusOf(await client.answer())).toBe(200);
    expect(scene.backend(0).received.length).toBe(count);
  }, 30_000);

  test('a client that has sent everything and said so is answered', async () => {
    const scene = await before((request, connection) => setTimeout(() => echo(request, connection), 50));
    const client = await scene.client(true);
    client.socket.end(scene.head(0) + scene.head(0), 'latin1');
    expect(statusOf(await client.answer())).toBe(200);
    expect(statusOf(await client.answer())).toBe(200);
    await client.closed;
    expect(client.error).toBe('');
  });
});

describe('answers', () => {
  test.each<[string, string, string, string]>([
    ['with a length', ok('hello'), 'GET', 'hello'],
    [
      'in chunks with a trailer',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nx-sum: 1\r\n\r\n',
      'GET',
      'hello',
    ],
    ['to HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n', 'HEAD', ''],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 'GET', ''],
    ['304', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n', 'GET', ''],
  ])('%s, byte by byte or at once, over one connection', async (_name, answer, method, body) => {
    const scene = await before((_request, connection) => connection.say(answer));
    const client = await scene.client();
    const noBody = method === 'HEAD' || answer.includes('204') || answer.includes('304');
    const ask = async () => {
      const asked = client.answer(noBody);
      client.send(scene.head(0, method));
      return (await asked).body;
    };
    expect(await ask()).toBe(body);
    scene.backend(0).behave = (_request, { socket }) => {
      for (const byte of answer) socket.write(byte, 'latin1');
    };
    expect(await ask()).toBe(body);
    expect(scene.backend(0).connections).toBe(1);
  });

  test('until the connection closes: in chunks to HTTP/1.1, whose connection stays; as they are to HTTP/1.0', async () => {
    const scene = await before((_request, { socket }) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'));
    const client = await scene.client();
    for (let i = 0; i < 2; i++) {
      const answer = await client.get('/');
      expect(answer.body).toBe('until the end');
      expect(answer.headers['transfer-encoding']).toBe('chunked');
    }
    const old = await scene.client();
    expect((await old.ask(`GET / HTTP/1.0\r\n\r\n`)).body).toBe('until the end');
    await old.closed;
  });

  test('in chunks to HTTP/1.0: without them', async () => {
    const scene = await before((_request, connection) =>
      connection.say('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'),
    );
    const client = await scene.client();
    const answer = await client.ask('GET / HTTP/1.0\r\n\r\n');
    expect([answer.body, answer.headers['transfer-encoding'], answer.headers.connection]).toEqual([
      'hello',
      undefined,
      'close',
    ]);
    await client.closed;
  });

  test('HTTP/1.0 with keep-alive keeps its connection', async () => {
    const scene = await before(echo);
    const client = await scene.client();
    for (let i = 0; i < 3; i++) {
      const answer = await client.ask('GET /old HTTP/1.0\r\nconnection: keep-alive\r\n\r\n');
      expect([answer.body, answer.headers.connection]).toEqual(['GET /old HTTP/1.1|', 'keep-alive']);
    }
  });

  test('interim ones are passed on, to HTTP/1.1 alone', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n';
    const scene = await before((_request, connection) => connection.say(`${hints}${hints}${ok('done')}`));
    const client = await scene.client();
    const answers = [await client.get('/'), await client.answer(), await client.answer()];
    expect(answers.map(statusOf)).toEqual([103, 103, 200]);
    const old = await scene.client();
    expect(statusOf(await old.ask('GET / HTTP/1.0\r\n\r\n'))).toBe(200);
  });

  test('more than one answer to one request reaches nobody', async () => {
    const scene = await before((_request, connection) => connection.say(ok('mine') + ok('poison')));
    const first = await scene.client();
    const second = await scene.client();
    expect((await first.get('/')).body).toBe('mine');
    expect((await second.get('/')).body).toBe('mine');
    expect((await first.get('/')).body).toBe('mine');
    expect(scene.backend(0).connections).toBe(3);
  });

  test('bytes on a connection that rests end it, and reach nobody', async () => {
    const scene = await before(echo);
    const client = await scene.client();
    await client.get('/1');
    const [socket] = scene.backend(0).open;
    socket?.write(ok('poison'));
    await vi.waitFor(() => expect(scene.backend(0).open.size).toBe(0), PATIENCE);
    expect((await client.get('/2')).body).toBe('GET /2 HTTP/1.1|');
    expect(scene.backend(0).connections).toBe(2);
  });
});

describe('a server of node:http', () => {
  test('gets and gives large bodies whole', async () => {
    const server = createServer((request: IncomingMessage, response) => request.pipe(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const scene = await before(echo);
    const { port } = server.address() as AddressInfo;
    const { shards } = scene.topology;
    const endpoints = [{ name: 'cart-0-0', host: '127.0.0.1', port }];
    await scene.server.apply({ ...scene.topology, epoch: 2, shards: shards.map((shard) => ({ ...shard, endpoints })) });
    const body = Buffer.alloc(12_000_000, 'abcdefghijklmnopqrstuvwxyz');
    for (const chunked of [false, true]) {
      const response = await fetch(`http://127.0.0.1:${scene.port}/`, {
        method: 'POST',
        body: chunked ? new Blob([body]).stream() : body,
        ...(chunked ? { duplex: 'half' } : {}),
      } as RequestInit);
      expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
    }
    server.closeAllConnections();
    server.close();
  }, 30_000);
});
