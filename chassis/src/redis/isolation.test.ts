import type { AddressInfo } from 'node:net';
import { Registry, seededRandom, silentLogger, systemClock } from '@motif/kit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ReplyError } from './resp/decode.ts';
import { RedisServer } from './server.ts';
import { FakeShard } from './testing/fake-shard.ts';
import { RawClient } from './testing/raw-client.ts';
import { topologyOf } from './testing/topology.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const cleanup: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

/** A proxy before one shard that gives these answers to what the proxy asks; one failure is enough to eject it. */
async function proxied(questions: Readonly<Record<string, string>>) {
  const shard = await FakeShard.start((_args, connection) => connection.say('$1\r\nv\r\n'));
  shard.questions = questions;
  const server = new RedisServer({
    listen: { host: '127.0.0.1', port: 0 },
    secret: () => undefined,
    registry: new Registry(),
    logger: silentLogger(),
    clock: systemClock,
    random: seededRandom(1),
  });
  cleanup.push(
    () => shard.stop(),
    () => server.close(),
  );
  await server.apply(topologyOf([shard.port], { failure: { ejectAfter: 1, timeout: '5s' } }));
  await vi.waitFor(() => expect(server.check().ok).toBe(true), PATIENCE);
  const { port } = server.address() as AddressInfo;
  const client = async (): Promise<RawClient> => {
    const one = await RawClient.connect(port);
    cleanup.push(() => one.destroy());
    return one;
  };
  return { shard, server, client };
}

describe('what one client asks for costs the others nothing', () => {
  test('a database that the shard does not have', async () => {
    const { client, server } = await proxied({
      CONFIG: "-ERR unknown command 'CONFIG'\r\n",
      SELECT: '-ERR DB index is out of range\r\n',
    });
    const [lost, other] = [await client(), await client()];
    expect(await lost.call('SELECT', '9')).toBe('OK');
    expect(await lost.call('GET', 'k')).toEqual(
      new ReplyError('SHARDDOWN cart-0 is not reachable: it answered SELECT 9 with ERR DB index is out of range'),
    );
    expect(await other.call('GET', 'k')).toBe('v');
    expect(server.proxy?.routing.shards[0]?.circuit.open).toBe(false);
  });

  test('RESP3, where the shard refuses it', async () => {
    const { client } = await proxied({ HELLO: '-NOPROTO no\r\n' });
    const [modern, other] = [await client(), await client()];
    await modern.call('HELLO', '3');
    expect(await modern.call('GET', 'k')).toEqual(
      new ReplyError('SHARDDOWN cart-0 is not reachable: it answered HELLO 3 with NOPROTO no'),
    );
    expect(await other.call('GET', 'k')).toBe('v');
  });

  test('RESP3 is not promised before shards that do not know HELLO', async () => {
    const { client, server } = await proxied({
      COMMAND: '*1\r\n*6\r\n$3\r\nget\r\n:2\r\n*1\r\n+readonly\r\n:1\r\n:1\r\n:1\r\n',
    });
    await vi.waitFor(() => expect(server.proxy?.resp3).toBe(false), PATIENCE);
    const one = await client();
    expect(await one.call('HELLO', '3')).toEqual(new ReplyError('NOPROTO unsupported protocol version'));
    expect(await one.call('GET', 'k')).toBe('v');
  });
});

describe('a client that speaks HTTP', () => {
  test.each([
    'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nSET k v\r\n',
    'GET / HTTP/1.1\r\nhOST: x\r\n\r\nSET k v\r\n',
    '*1\r\n$4\r\npost\r\nSET k v\r\n',
  ])('is cut off before what follows is taken for commands: %j', async (text) => {
    const { client, shard } = await proxied({});
    const one = await client();
    one.send(text);
    await one.closed;
    const other = await client();
    expect(await other.call('GET', 'k')).toBe('v');
    expect(shard.count('SET')).toBe(0);
  });
});
