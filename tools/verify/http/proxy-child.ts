/** The HTTP proxy in a process of its own; its parent gives it topologies and asks what it costs. */
import type { AddressInfo } from 'node:net';
import { HttpServer } from '@motif/chassis/http/server';
import { Registry, silentLogger, systemClock, systemRandom } from '@motif/kit';
import type { FromProxy, ProxyFigures, ToProxy } from './messages.ts';

const server = new HttpServer({
  listen: { host: '127.0.0.1', port: 0 },
  registry: new Registry(),
  logger: silentLogger(),
  clock: systemClock,
  random: systemRandom,
});

function tell(message: FromProxy): void {
  process.send?.(message);
}

function figures(): ProxyFigures {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  return { rss, heapUsed, sockets, cpuMs: (user + system) / 1000 };
}

process.on('disconnect', () => process.exit());
process.on('message', async (message: ToProxy) => {
  if ('apply' in message) {
    await server.apply(message.apply);
    tell({ port: (server.address() as AddressInfo).port });
    return;
  }
  // Twice: the first frees what holds on to memory outside of the heap, the second that memory.
  if ('collect' in message) for (let i = 0; i < 2; i++) globalThis.gc?.();
  tell({ figures: figures() });
});
