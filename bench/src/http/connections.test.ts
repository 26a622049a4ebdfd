import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connectionsTo } from './connections.ts';

test('connections to a port are counted at the end that opened them, until they are closed', async () => {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  expect(connectionsTo(process.pid, [port])).toBe(2);
  expect(connectionsTo(process.pid, [port === 1 ? 2 : 1])).toBe(0);
  for (const socket of sockets) socket.destroy();
  await Promise.all(sockets.map((socket) => once(socket, 'close')));
  expect(connectionsTo(process.pid, [port])).toBe(0);
  server.close();
});
