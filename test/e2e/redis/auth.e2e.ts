import { ReplyError } from '@motif/chassis/redis/resp/decode';
import { RawClient } from '@motif/chassis/redis/testing/raw-client';
import { topologyOf } from '@motif/chassis/redis/testing/topology';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RealRedis, until } from './support/processes.ts';

/** Not ASCII, so that bytes and characters differ. */
const PASSWORD = 'pässwörd €';

let shards: RealRedis[];
let ambassador: Ambassador;

beforeAll(async () => {
  shards = await Promise.all([0, 1].map(() => RealRedis.start(['--requirepass', PASSWORD])));
  const topology = topologyOf(
    shards.map(({ port }) => port),
    {
      auth: { username: false, password: true },
      clientAuth: [
        { username: 'app', passwordFile: 'client-0-password' },
        { username: 'jürgen', passwordFile: 'client-1-password' },
      ],
    },
  );
  ambassador = await Ambassador.start(topology, {
    'auth-password': PASSWORD,
    'client-0-password': 'clientßecret',
    'client-1-password': 'second',
  });
});
afterAll(async () => {
  await ambassador?.stop();
  await Promise.all((shards ?? []).map((shard) => shard.stop()));
});

const bytes = (text: string): string => Buffer.from(text).toString('latin1');

async function refused(answer: Promise<unknown>, text: string): Promise<void> {
  const error = await answer;
  expect(error).toBeInstanceOf(ReplyError);
  expect((error as ReplyError).message).toContain(text);
}

test('nothing but AUTH, HELLO, QUIT and RESET before a client has authenticated', async () => {
  const one = await RawClient.connect(ambassador.port);
  for (const command of [['GET', 'a'], ['PING'], ['NOSUCH'], ['CLIENT', 'ID'], ['MGET', 'a', 'b']])
    await refused(one.call(...command), 'NOAUTH');
  await refused(one.call('AUTH', 'app', 'wrong'), 'WRONGPASS');
  await refused(one.call('AUTH', bytes(PASSWORD)), 'WRONGPASS');
  await refused(one.call('HELLO', '3', 'AUTH', 'app', 'wrong'), 'WRONGPASS');
  expect(await one.call('AUTH', 'app', bytes('clientßecret'))).toBe('OK');
  expect(await one.call('SET', 'a', '1')).toBe('OK');
  expect(await one.call('ACL', 'WHOAMI')).toBe('app');
  expect(await one.call('RESET')).toBe('RESET');
  await refused(one.call('GET', 'a'), 'NOAUTH');
  one.destroy();
});

test('a user whose name is not ASCII', async () => {
  const one = await RawClient.connect(ambassador.port);
  expect(await one.call('AUTH', bytes('jürgen'), 'second')).toBe('OK');
  expect(await one.call('ACL', 'WHOAMI')).toBe(bytes('jürgen'));
  one.destroy();
});

test('HELLO 3 AUTH SETNAME does it all at once', async () => {
  const one = await RawClient.connect(ambassador.port);
  const hello = (await one.call('HELLO', '3', 'AUTH', 'app', bytes('clientßecret'), 'SETNAME', 'me')) as Map<
    string,
    unknown
  >;
  expect(hello.get('proto')).toBe(3);
  expect(await one.call('CLIENT', 'GETNAME')).toBe('me');
  expect(await one.call('HGETALL', 'none')).toEqual(new Map());
  one.destroy();
});

test('a client that has not authenticated may not make the proxy hold much', async () => {
  const one = await RawClient.connect(ambassador.port);
  one.send('*2\r\n$3\r\nGET\r\n$100000\r\n');
  await refused(one.answer(), 'unauthenticated bulk length');
  await one.closed;
});

test('new passwords are taken over from the files without a restart', async () => {
  ambassador.secret('client-0-password', 'next');
  await until('the new password is good', async () => {
    const one = await RawClient.connect(ambassador.port);
    const answer = await one.call('AUTH', 'app', 'next');
    one.destroy();
    return answer === 'OK';
  });
  const one = await RawClient.connect(ambassador.port);
  await one.call('AUTH', 'app', 'next');
  for (const shard of shards) {
    const direct = await RawClient.connect(shard.port);
    expect(await direct.call('AUTH', bytes(PASSWORD))).toBe('OK');
    expect(await direct.call('CONFIG', 'SET', 'requirepass', 'rotated')).toBe('OK');
    direct.destroy();
  }
  ambassador.secret('auth-password', 'rotated');
  for (const shard of shards) {
    const direct = await RawClient.connect(shard.port);
    await direct.call('AUTH', 'rotated');
    await direct.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    direct.destroy();
  }
  await until('both shards are used again', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => one.call('SET', `k${i}`, 'v')));
    return answers.every((answer) => answer === 'OK');
  });
  one.destroy();
});
