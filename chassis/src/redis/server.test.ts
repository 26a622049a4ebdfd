import type { AddressInfo } from 'node:net';
import { createRendezvous } from '@motif/api';
import { Registry, seededRandom, silentLogger, systemClock } from '@motif/kit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ReplyError } from './resp/decode.ts';
import { request } from './resp/encode.ts';
import { RedisServer } from './server.ts';
import { type Behaviour, FakeShard } from './testing/fake-shard.ts';
import { RawClient } from './testing/raw-client.ts';
import { type TopologyChanges, topologyOf } from './testing/topology.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const cleanup: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

/** A proxy before shards that behave like this, and what connects a client to it. */
async function proxied(behaviours: readonly Behaviour[], changes: TopologyChanges = {}) {
  const shards = await Promise.all(behaviours.map((behave) => FakeShard.start(behave)));
  const server = new RedisServer({
    listen: { host: '127.0.0.1', port: 0 },
    secret: () => undefined,
    registry: new Registry(),
    logger: silentLogger(),
    clock: systemClock,
    random: seededRandom(1),
  });
  cleanup.push(...shards.map((shard) => () => shard.stop()), () => server.close());
  await server.apply(
    topologyOf(
      shards.map(({ port }) => port),
      changes,
    ),
  );
  const { port } = server.address() as AddressInfo;
  await vi.waitFor(() => expect(server.check().ok).toBe(true), PATIENCE);
  const client = async (): Promise<RawClient> => {
    const one = await RawClient.connect(port);
    cleanup.push(() => one.destroy());
    return one;
  };
  return { shards: shards as [FakeShard, ...FakeShard[]], server, client };
}

/** Answers `GET x` with `x`. */
const echo: Behaviour = (args, connection) => connection.say(`$${args[1]?.length}\r\n${args[1]}\r\n`);

/** A key of the first or the second of two shards. */
function keyOf(shard: number): string {
  const locator = createRendezvous(['cart-0', 'cart-1'].map((hashName) => ({ hashName, weight: 1 })));
  for (let n = 0; ; n++) if (locator.pick(Buffer.from(`k${n}`), 0, `k${n}`.length) === shard) return `k${n}`;
}

const FAST = { failure: { timeout: '200ms' } } as const;

describe('replies that a real Redis does not send', () => {
  test('byte by byte', async () => {
    const { client } = await proxied([
      (_args, { socket }) => {
        for (const byte of '*2\r\n$2\r\nab\r\n:12\r\n') socket.write(byte);
      },
    ]);
    expect(await (await client()).call('HGETALL', 'k')).toEqual(['ab', 12]);
  });

  test('a push between replies takes nobody’s place', async () => {
    const { client } = await proxied([
      (args, connection) => connection.say(`>2\r\n+invalidate\r\n*1\r\n+k\r\n$1\r\n${args[1]}\r\n>1\r\n+x\r\n`),
    ]);
    const one = await client();
    await one.call('HELLO', '3');
    one.send(request(['GET', 'a']) + request(['GET', 'b']));
    expect(await one.answers(2)).toEqual(['a', 'b']);
  });

  test('an attribute goes to the client with the reply that it belongs to', async () => {
    const { client } = await proxied([(_args, connection) => connection.say('|1\r\n+ttl\r\n:9\r\n$1\r\nv\r\n')]);
    const one = await client();
    await one.call('HELLO', '3');
    const raw = new Promise<string>((resolve) => one.socket.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    one.send(request(['GET', 'a']));
    expect(await raw).toBe('|1\r\n+ttl\r\n:9\r\n$1\r\nv\r\n');
  });

  test('what is not RESP costs the connection and gives an error, never bytes to a client', async () => {
    const { client, shards } = await proxied([
      (_args, connection) => connection.say('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ]);
    const error = (await (await client()).call('SET', 'a', '1')) as ReplyError;
    expect(error).toBeInstanceOf(ReplyError);
    expect(error.message).toMatch(
      /^SHARDDOWN connection to cart-0 lost: what it sent is not RESP.*may have been carried out/,
    );
    shards[0].behave = echo;
    const again = await client();
    await vi.waitFor(async () => expect(await again.call('GET', 'a')).toBe('a'), PATIENCE);
  });

  test('a reply that nobody asked for costs the connection, and no command gets it', async () => {
    const { client, shards } = await proxied([(_args, connection) => connection.say('$1\r\n1\r\n$5\r\nextra\r\n')]);
    expect(await (await client()).call('GET', '1')).toBe('1');
    shards[0].behave = echo;
    const one = await client();
    await vi.waitFor(async () => expect(await one.call('GET', 'mine')).toBe('mine'), PATIENCE);
  });
});

describe('a shard that does not answer in time', () => {
  test('costs an error, and its late reply goes to nobody', async () => {
    let late: (() => void) | undefined;
    const { client, shards } = await proxied(
      [
        (args, connection) => {
          if (args[1] === 'slow') late = () => connection.say('$4\r\nslow\r\n');
          else if (late === undefined) echo(args, connection);
          else {
            // Redis answers in order: the late reply first.
            late();
            late = undefined;
            echo(args, connection);
          }
        },
      ],
      { failure: { timeout: '300ms' } },
    );
    const one = await client();
    const error = (await one.call('INCR', 'slow')) as ReplyError;
    expect(error.message).toBe(
      'SHARDTIMEOUT cart-0 did not answer within 300ms; the command may have been carried out',
    );
    const before = shards[0].connections;
    expect(await one.call('GET', 'quick')).toBe('quick');
    expect(await (await client()).call('GET', 'other')).toBe('other');
    expect(shards[0].connections).toBe(before);
  });

  test('is given up after twice the time-out; nothing is sent again', async () => {
    const { client, shards } = await proxied([() => {}], FAST);
    const one = await client();
    one.send(request(['SET', 'a', '1']));
    expect(((await one.answer()) as ReplyError).message).toMatch(/^SHARDTIMEOUT/);
    await vi.waitFor(() => expect(shards[0].connections).toBeGreaterThan(1), PATIENCE);
    expect(shards[0].count('SET', 'a')).toBe(1);
  });

  test('does not hold up the keys of the others, nor clients that wait for nothing there', async () => {
    const { client } = await proxied([() => {}, echo], FAST);
    const one = await client();
    const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
    one.send(keys.map((key) => request(['GET', key])).join(''));
    const answers = await one.answers(keys.length);
    const good = answers.filter((answer) => typeof answer === 'string');
    expect(good.length).toBeGreaterThan(5);
    answers.forEach((answer, i) => {
      if (typeof answer === 'string') expect(answer).toBe(keys[i]);
      else expect((answer as ReplyError).message).toMatch(/^SHARD(TIMEOUT|DOWN) .*cart-0/);
    });
  });

  test('does not hold back the answers before it in a pipeline', async () => {
    let letGo = (): void => {};
    const stuck = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const late: Behaviour = async (args, connection) => {
      if (args[0] === 'GET') await stuck;
      echo(args, connection);
    };
    const { client } = await proxied([late, echo], { failure: { timeout: '60s' } });
    const one = await client();
    const [slow, quick] = [keyOf(0), keyOf(1)];
    one.send([quick, slow].map((key) => request(['GET', key])).join(''));
    expect(await one.answer()).toBe(quick);
    letGo();
    expect(await one.answer()).toBe(slow);
  });

  test('in the middle of a reply: the client gets an error, not half of one', async () => {
    const { client } = await proxied([
      (_args, connection) => {
        connection.say('$100\r\nhalf');
        connection.socket.end();
      },
    ]);
    const error = (await (await client()).call('GET', 'a')) as ReplyError;
    expect(error.message).toMatch(/^SHARDDOWN connection to cart-0 lost/);
  });

  test('in the middle of a large reply that has begun to flow: the connection ends', async () => {
    const { client } = await proxied([
      (_args, connection) => {
        connection.say(`$5000000\r\n${'x'.repeat(3_000_000)}`);
        connection.socket.end();
      },
    ]);
    const one = await client();
    await expect(one.call('GET', 'a')).rejects.toThrow('the connection was closed');
  });
});

describe('commands of several shards', () => {
  const whole: Behaviour = (args, connection) => {
    if (args[0] === 'MGET')
      connection.say(
        `*${args.length - 1}\r\n${args
          .slice(1)
          .map((key) => `$${key.length}\r\n${key}\r\n`)
          .join('')}`,
      );
    else connection.say(args[0] === 'MSET' ? '+OK\r\n' : `:${args.length - 1}\r\n`);
  };
  const keys = Array.from({ length: 12 }, (_, i) => `k${i}`);

  test('an MSET that fails on one shard says where it was carried out', async () => {
    const { client } = await proxied([whole, (_args, connection) => connection.say('-OOM no memory\r\n')]);
    const error = (await (await client()).call('MSET', ...keys.flatMap((key) => [key, 'v']))) as ReplyError;
    expect(error.message).toBe('OOM no memory; MSET was carried out in part: on cart-0');
  });

  test.each(['Element', 'Whole'] as const)('MGET with a shard that fails: %s', async (partial) => {
    const failing: Behaviour = (_args, connection) => connection.say('-ERR broken\r\n');
    const { client } = await proxied([whole, failing], { redis: { partial } });
    const answer = await (await client()).call('MGET', ...keys);
    if (partial === 'Whole') expect((answer as ReplyError).message).toBe('ERR broken');
    else {
      const values = answer as unknown[];
      expect(values.map((value, i) => (value instanceof ReplyError ? value.message : value === keys[i]))).toEqual(
        values.map((value) => (value instanceof ReplyError ? 'ERR broken' : true)),
      );
      expect(
        values.some((value) => value instanceof ReplyError) && values.some((value) => typeof value === 'string'),
      ).toBe(true);
    }
  });

  test('DEL adds up, keeps its place in a pipeline, and is refused whole under multiKey: Refuse', async () => {
    const { client } = await proxied([whole, whole]);
    const one = await client();
    one.send(request(['DEL', ...keys]) + request(['PING']) + request(['DEL', 'k1']));
    expect(await one.answers(3)).toEqual([12, 'PONG', 1]);
    const refusing = await proxied([whole, whole], { redis: { multiKey: 'Refuse' } });
    const error = (await (await refusing.client()).call('DEL', ...keys)) as ReplyError;
    expect(error.message).toMatch(/^CROSSSLOT/);
    expect(refusing.shards.map((shard) => shard.received.length)).toEqual([0, 0]);
  });
});

test('a shard that loads its data is told apart from a dead one', async () => {
  const loading = '-LOADING Redis is loading the dataset in memory\r\n';
  const { client, server, shards } = await proxied([(_args, { say }) => say(loading), echo]);
  shards[0].questions = { PING: loading };
  await vi.waitFor(() => expect(server.check().reason).toBe('cart-0: loading'), PATIENCE);
  expect(server.check().ok).toBe(true);
  const one = await client();
  const answers = new Set<unknown>();
  for (let i = 0; i < 20; i++) {
    const answer = await one.call('GET', `k${i}`);
    answers.add(answer instanceof ReplyError ? answer.message : answer === `k${i}`);
  }
  expect(answers).toEqual(new Set(['LOADING Redis is loading the dataset in memory', true]));
  shards[0].questions = {};
  await vi.waitFor(() => expect(server.check().reason).toBeUndefined(), PATIENCE);
});

test('Rehash sends the keys of an ejected shard to the next owner', async () => {
  const { client, shards, server } = await proxied([echo, echo], {
    failure: { onDeadShard: 'Rehash', retryAfter: '100ms', onReturn: 'Flush' },
  });
  const one = await client();
  const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
  const dead = shards[1] as FakeShard;
  await dead.stop();
  await vi.waitFor(async () => {
    one.send(keys.map((key) => request(['GET', key])).join(''));
    expect(await one.answers(keys.length)).toEqual(keys);
  }, PATIENCE);
  expect(server.check().ok).toBe(true);
});

test('a client that reads late gets everything it asked for: it is held back before too much waits for it', async () => {
  const value = 'v'.repeat(900_000);
  const patient = { failure: { timeout: '30s' } } as const;
  const { client, shards } = await proxied([(_args, { say }) => say(`$${value.length}\r\n${value}\r\n`)], patient);
  const one = await client();
  one.socket.pause();
  one.send(request(['GET', 'a']).repeat(200));
  // Replies below a mebibyte come over the shared connection, which must not wait for one client: so fewer are asked for.
  await vi.waitFor(() => expect(shards[0].received.length).toBe(32), PATIENCE);
  one.socket.resume();
  const answers = await one.answers(200);
  expect(answers.filter((answer) => answer !== value)).toEqual([]);
});
