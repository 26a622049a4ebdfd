import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { HttpTopology } from '@motif/api';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { KeyRouter } from './keys/router.ts';
import { statusOf } from './testing/raw-client.ts';
import { HttpScene, type SceneOptions } from './testing/scene.ts';
import { type BackendBehaviour, echo, ok } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const scenes: HttpScene[] = [];
const MEBIBYTE = 'x'.repeat(1024 * 1024);

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function before(behave: BackendBehaviour, options: Partial<SceneOptions> = {}): Promise<HttpScene> {
  const scene = await HttpScene.open({ shards: [behave], ...options });
  scenes.push(scene);
  return scene;
}

/** A proxy before a server that gets each connection as it is. */
async function beforeRaw(onConnection: (socket: Socket) => void): Promise<{ scene: HttpScene; stop: () => void }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scene = await before(echo);
  const endpoints = [{ name: 'cart-0-0', host: '127.0.0.1', port: (server.address() as AddressInfo).port }];
  const shards = scene.topology.shards.map((shard) => ({ ...shard, endpoints }));
  await scene.server.apply({ ...scene.topology, epoch: 2, shards });
  return { scene, stop: () => server.close() };
}

describe('an early answer', () => {
  test('is passed on while the client still sends; the connection ends in order', async () => {
    const { scene, stop } = await beforeRaw((socket) => {
      // Answers at the head and reads nothing more.
      socket.once('data', () => {
        socket.pause();
        socket.write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 4\r\n\r\nmuch');
      });
    });
    const client = await scene.client();
    client.send(scene.head(0, 'POST', 'content-length: 50000000\r\n') + MEBIBYTE);
    const answer = await client.answer();
    expect([statusOf(answer), answer.body, answer.headers.connection]).toEqual([413, 'much', 'close']);
    await vi.waitFor(() => expect(client.ended).toBe(true), PATIENCE);
    expect(client.error).toBe('');
    await vi.waitFor(() => expect(scene.server.proxy?.active.length).toBe(0), PATIENCE);
    stop();
  });

  test('is passed on although the server resets the connection after it', async () => {
    const { scene, stop } = await beforeRaw((socket) => {
      socket.once('data', () => {
        socket.pause();
        socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno', () => socket.destroy());
      });
    });
    const client = await scene.client();
    client.send(scene.head(0, 'POST', 'content-length: 8000000\r\n') + MEBIBYTE);
    expect((await client.answer()).body).toBe('no');
    stop();
  });

  test('while both sides go on: everything arrives', async () => {
    const { scene, stop } = await beforeRaw((socket) => {
      let seen = 0;
      socket.on('data', (chunk) => {
        if (seen === 0) socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nsoon\r\n');
        seen += chunk.length;
        if (chunk.toString('latin1').endsWith('END'))
          socket.write(`7\r\n${String(seen > 3_000_000).padEnd(7)}\r\n0\r\n\r\n`);
      });
    });
    const client = await scene.client();
    const body = `${MEBIBYTE.repeat(3)}END`;
    const answered = client.answer();
    client.send(scene.head(0, 'POST', `content-length: ${body.length}\r\n`) + body);
    expect((await answered).body).toBe('soontrue   ');
    stop();
  });
});

describe('back-pressure', () => {
  test('a client that does not read holds its shard back, not the proxy', async () => {
    let written = 0;
    const { scene, stop } = await beforeRaw((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 200000000\r\n\r\n');
        const more = (): void => {
          while (written < 200_000_000 && socket.writable) {
            written += MEBIBYTE.length;
            if (!socket.write(MEBIBYTE)) {
              socket.once('drain', more);
              return;
            }
          }
        };
        more();
      });
    });
    const client = await scene.client();
    client.socket.pause();
    client.send(scene.head(0));
    await vi.waitFor(() => expect(written).toBeGreaterThan(1_000_000), PATIENCE);
    let before = 0;
    await vi.waitFor(
      () => {
        const still = written === before;
        before = written;
        expect(still).toBe(true);
      },
      { ...PATIENCE, interval: 300 },
    );
    const waiting = [...(scene.server.proxy?.clients ?? [])].map(({ outbox }) => outbox.queued);
    expect(Math.max(...waiting)).toBeLessThan(1_000_000);
    expect(written).toBeLessThan(50_000_000);
    client.destroy();
    await vi.waitFor(() => expect(scene.server.proxy?.active.length).toBe(0), PATIENCE);
    stop();
  });

  test('a shard that does not read holds its client back', async () => {
    const sockets: Socket[] = [];
    const { scene, stop } = await beforeRaw((socket) => {
      sockets.push(socket);
      socket.pause();
    });
    const client = await scene.client();
    client.send(scene.head(0, 'POST', 'content-length: 100000000\r\n'));
    let sent = 0;
    const more = (): void => {
      while (sent < 100_000_000 && client.socket.writable) {
        sent += MEBIBYTE.length;
        if (!client.socket.write(MEBIBYTE)) {
          client.socket.once('drain', more);
          return;
        }
      }
    };
    more();
    let before = -1;
    await vi.waitFor(
      () => {
        const still = sent === before;
        before = sent;
        expect(still).toBe(true);
      },
      { ...PATIENCE, interval: 300 },
    );
    expect(sent).toBeLessThan(50_000_000);
    const [exchange] = scene.server.proxy?.active ?? [];
    expect(exchange?.upload.unsent).toBeLessThan(1_000_000);
    for (const socket of sockets) socket.destroy();
    stop();
  });
});

describe('Expect: 100-continue', () => {
  test('is passed on, and so is the answer to it', async () => {
    const { scene, stop } = await beforeRaw((socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (text.endsWith('\r\n\r\n') && /expect: 100-continue/i.test(text))
          socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        if (text.endsWith('body')) socket.write(ok('got it'));
      });
    });
    const client = await scene.client();
    const interim = client.answer();
    client.send(scene.head(0, 'POST', 'expect: 100-continue\r\ncontent-length: 4\r\n'));
    expect(statusOf(await interim)).toBe(100);
    const final = client.answer();
    client.send('body');
    expect((await final).body).toBe('got it');
    stop();
  });

  test('a refusal instead ends the connection, since nobody knows whether the body follows', async () => {
    const { scene, stop } = await beforeRaw((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n'));
    });
    const client = await scene.client();
    const answer = await client.ask(scene.head(0, 'POST', 'expect: 100-continue\r\ncontent-length: 4\r\n'));
    expect([statusOf(answer), answer.headers.connection]).toEqual([417, 'close']);
    await client.closed;
    stop();
  });

  test('is answered here when the key is in the body', async () => {
    const scene = await before(echo, {
      topology: { sharding: { algorithm: 'rendezvous', hash: 'rendezvous/v1', key: ['json:user'] } },
    });
    const client = await scene.client();
    const body = '{"user":"u1"}';
    const head = `POST / HTTP/1.1\r\nhost: cart\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: ${body.length}\r\n\r\n`;
    expect(statusOf(await client.ask(head))).toBe(100);
    expect(scene.backend(0).received.length).toBe(0);
    expect((await client.ask(body)).body).toBe(`POST / HTTP/1.1|${body}`);
    expect(scene.backend(0).received[0]?.headers.expect).toBeUndefined();
  });
});

describe('a key in the body', () => {
  const topology = { sharding: { algorithm: 'rendezvous', hash: 'rendezvous/v1', key: ['json:user'] } } as const;

  test.each(['length', 'chunks'])('by %s, cut anywhere: the body goes on as it came', async (how) => {
    const scene = await HttpScene.open({
      shards: [echo, echo],
      topology: { ...topology, sharding: { ...topology.sharding, key: ['json:user'] } },
    });
    scenes.push(scene);
    const body = '{"a":1,"user":"u77"}';
    const coded =
      how === 'length'
        ? body
        : `8\r\n${body.slice(0, 8)}\r\n${(body.length - 8).toString(16)}\r\n${body.slice(8)}\r\n0\r\n\r\n`;
    const framing = how === 'length' ? `content-length: ${body.length}` : 'transfer-encoding: chunked';
    const text = `POST / HTTP/1.1\r\nhost: cart\r\ncontent-type: application/json\r\n${framing}\r\n\r\n${coded}`;
    for (let at = text.length - coded.length - 3; at < text.length; at += 3) {
      const client = await scene.client();
      client.send(text.slice(0, at));
      await new Promise(setImmediate);
      client.send(text.slice(at));
      expect((await client.answer()).body).toBe(`POST / HTTP/1.1|${body}`);
    }
    const counts = scene.backends.map(([backend]) => backend?.received.length ?? 0);
    expect(Math.min(...counts)).toBe(0);
  });

  test('of more than is kept of other bodies: as much as the router wants', async () => {
    const sharding = { ...topology.sharding, key: ['json:user'] };
    const router = (document: HttpTopology) => new KeyRouter(document, { jsonLimit: 1_000_000 });
    const scene = await before(echo, { topology: { sharding }, server: { router } });
    const client = await scene.client();
    const body = `{"a":"${'x'.repeat(500_000)}","user":"u1"}`;
    const head = 'POST / HTTP/1.1\r\nhost: cart\r\ncontent-type: application/json\r\n';
    const answer = await client.ask(`${head}content-length: ${body.length}\r\n\r\n${body}`);
    expect(answer.body === `POST / HTTP/1.1|${body}`).toBe(true);
  });

  test('that is too large is refused with 413, and the client reads that', async () => {
    const scene = await before(echo, { topology: { sharding: { ...topology.sharding, key: ['json:user'] } } });
    const client = await scene.client();
    const head =
      'POST / HTTP/1.1\r\nhost: cart\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    client.send(`${head}100000\r\n${MEBIBYTE}\r\n0\r\n\r\n`);
    expect(statusOf(await client.answer())).toBe(413);
    await client.closed;
    expect(client.error).toBe('');
  });
});
