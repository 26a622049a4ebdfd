import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { RawHttpClient, statusOf } from './testing/raw-client.ts';
import { HttpScene } from './testing/scene.ts';
import { echo, ok } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const ASK =
  'GET /chat HTTP/1.1\r\nhost: cart\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n';
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n';
const cleanup: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

async function upgraded(onSocket: (socket: Socket, head: string) => void) {
  const sockets: Socket[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', (chunk) => onSocket(socket, chunk.toString('latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scene = await HttpScene.open({ shards: [echo] });
  cleanup.push(
    () => server.close(),
    () => scene.close(),
  );
  const endpoints = [{ name: 'cart-0-0', host: '127.0.0.1', port: (server.address() as AddressInfo).port }];
  const shards = scene.topology.shards.map((shard) => ({ ...shard, endpoints }));
  await scene.server.apply({ ...scene.topology, epoch: 2, shards });
  const client = await RawHttpClient.connect(scene.port, true);
  cleanup.push(() => client.destroy());
  return { scene, client, sockets };
}

const echoes = (socket: Socket): void => {
  socket.write(`${SWITCH}hello `);
  socket.on('data', (chunk) => socket.write(chunk));
  socket.on('end', () => socket.end('bye'));
};

test('bytes go both ways, also those sent before the answer; either side ends by itself', async () => {
  const { client, scene } = await upgraded(echoes);
  client.send(`${ASK}early `);
  await vi.waitFor(() => expect(client.text).toMatch(/hello early $/), PATIENCE);
  client.send('more ');
  await vi.waitFor(() => expect(client.text).toMatch(/hello early more $/), PATIENCE);
  client.socket.end('last ');
  await client.closed;
  expect(client.text).toMatch(/^HTTP\/1\.1 101 .*upgrade: websocket.*hello early more last bye$/is);
  expect(client.error).toBe('');
  await vi.waitFor(() => expect(scene.server.proxy?.active.length).toBe(0), PATIENCE);
});

test('many bytes, each way at once', async () => {
  const { client } = await upgraded(echoes);
  client.send(ASK);
  await vi.waitFor(() => expect(client.text).toMatch(/hello $/), PATIENCE);
  const from = client.text.length;
  const bytes = 'abcdefghij'.repeat(500_000);
  client.socket.end(bytes);
  await client.closed;
  expect(client.text.slice(from) === `${bytes}bye`).toBe(true);
}, 30_000);

test('the server ends first: the client still speaks', async () => {
  const heard: string[] = [];
  const { client } = await upgraded((socket) => {
    socket.on('data', (chunk) => heard.push(chunk.toString()));
    socket.end(`${SWITCH}that is all`);
  });
  client.send(ASK);
  await vi.waitFor(() => expect(client.ended).toBe(true), PATIENCE);
  expect(client.text).toMatch(/that is all$/);
  client.socket.end('thanks');
  await vi.waitFor(() => expect(heard.join('')).toBe('thanks'), PATIENCE);
  await client.closed;
});

test('a client that is gone takes its tunnel with it', async () => {
  const { client, sockets, scene } = await upgraded(echoes);
  client.send(ASK);
  await vi.waitFor(() => expect(client.text).toMatch(/hello $/), PATIENCE);
  client.socket.resetAndDestroy();
  await vi.waitFor(() => expect(sockets.at(-1)?.destroyed).toBe(true), PATIENCE);
  await vi.waitFor(() => expect(scene.server.proxy?.active.length).toBe(0), PATIENCE);
});

test('a server that does not want to: an answer like any other, and the next request follows', async () => {
  const { client } = await upgraded((socket, head) => {
    const answer = head.includes('/chat') ? 'HTTP/1.1 426 Upgrade Required\r\ncontent-length: 2\r\n\r\nno' : ok('yes');
    socket.write(answer);
    socket.on('data', () => socket.write(ok('yes')));
  });
  const first = client.ask(`${ASK}GET /next HTTP/1.1\r\nhost: cart\r\n\r\n`);
  expect(statusOf(await first)).toBe(426);
  expect((await client.answer()).body).toBe('yes');
});
