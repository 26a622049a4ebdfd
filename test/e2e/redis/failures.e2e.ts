import { ReplyError } from '@motif/chassis/redis/resp/decode';
import { RawClient } from '@motif/chassis/redis/testing/raw-client';
import { topologyOf } from '@motif/chassis/redis/testing/topology';
import { afterEach, expect, test } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { freePort, RealRedis, until } from './support/processes.ts';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

async function world(changes: Parameters<typeof topologyOf>[1], count = 3, extra: readonly number[] = []) {
  const shards = await Promise.all(Array.from({ length: count }, () => RealRedis.start()));
  cleanup.push(...shards.map((shard) => () => shard.stop()));
  const ports = [...shards.map(({ port }) => port), ...extra];
  const ambassador = await Ambassador.start(topologyOf(ports, changes));
  cleanup.push(() => ambassador.stop());
  return { shards, ambassador, ports };
}

async function client(ambassador: Ambassador): Promise<RawClient> {
  const one = await RawClient.connect(ambassador.port);
  cleanup.push(() => one.destroy());
  return one;
}

/** Clients that write and read keys of their own until told to stop. */
class Load {
  readonly errors: { at: number; shard: string; message: string; ms: number }[] = [];
  answers = 0;
  /** Values of another key than the one asked for. */
  wrong = 0;
  /** Values that are older than what the same client wrote before. */
  stale = 0;
  /** Ends when all clients have; rejects when one loses its connection. */
  readonly done: Promise<unknown>;
  #running = true;

  constructor(ambassador: Ambassador, clients: number, ownerOf: (key: string) => string) {
    this.done = Promise.all(Array.from({ length: clients }, (_, i) => this.#client(ambassador, i, ownerOf)));
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.done;
  }

  async #client(ambassador: Ambassador, number: number, ownerOf: (key: string) => string): Promise<void> {
    const one = await RawClient.connect(ambassador.port);
    for (let i = 0; this.#running; i++) {
      const key = `load:${number}:${i % 50}`;
      const value = `${key}=${i}`;
      const begin = performance.now();
      const set = await one.call('SET', key, value);
      const got = await one.call('GET', key);
      this.answers += 2;
      for (const answer of [set, got]) {
        if (answer instanceof ReplyError) {
          this.errors.push({ at: begin, shard: ownerOf(key), message: answer.message, ms: performance.now() - begin });
        }
      }
      if (typeof got === 'string' && !got.startsWith(`${key}=`)) this.wrong++;
      if (set === 'OK' && typeof got === 'string' && got !== value) this.stale++;
    }
    one.destroy();
  }
}

/** Asks each shard itself whether it has the key: who owns it, without any hashing of ours. */
async function owners(shards: readonly RealRedis[], ambassador: Ambassador): Promise<(key: string) => string> {
  const one = await client(ambassador);
  const map = new Map<string, string>();
  for (let n = 0; n < 20; n++) for (let i = 0; i < 50; i++) await one.call('SET', `load:${n}:${i}`, `load:${n}:${i}=`);
  await Promise.all(
    shards.map(async (shard, index) => {
      const direct = await RawClient.connect(shard.port);
      const keys = (await direct.call('KEYS', 'load:*')) as string[];
      for (const key of keys) map.set(key, `cart-${index}`);
      direct.destroy();
    }),
  );
  expect(map.size).toBe(1000);
  return (key) => map.get(key) ?? '?';
}

test('only the keys of a killed shard suffer, within the time-out, and all is well again when it is back', async () => {
  const { shards, ambassador } = await world({});
  const ownerOf = await owners(shards, ambassador);
  const load = new Load(ambassador, 20, ownerOf);
  await until('there is load', () => load.answers > 2000);
  await shards[1]!.kill();
  await until('its keys fail', () => load.errors.length > 20);
  const before = load.answers;
  await until('others go on', () => load.answers > before + 2000);
  await shards[1]!.start();
  await until('the shard serves again', async () =>
    (await ambassador.page('/metrics')).includes('motif_redis_shard_up{shard="cart-1"} 1'),
  );
  // What was on its way when it came back may still fail.
  const count = load.answers;
  await until('they work', () => load.answers > count + 500);
  const errors = load.errors.length;
  const again = load.answers;
  await until('without an error', () => load.answers > again + 2000);
  await load.stop();
  expect(load.errors.length).toBe(errors);
  expect([load.wrong, load.stale]).toEqual([0, 0]);
  expect(new Set(load.errors.map(({ shard }) => shard))).toEqual(new Set(['cart-1']));
  expect(load.errors.every(({ message }) => message.startsWith('SHARDDOWN'))).toBe(true);
});

test('a shard that hangs costs its own keys an error within the time-out', async () => {
  const { shards, ambassador } = await world({ failure: { timeout: '500ms' } });
  const ownerOf = await owners(shards, ambassador);
  const load = new Load(ambassador, 20, ownerOf);
  await until('there is load', () => load.answers > 1000);
  shards[2]!.child.process.kill('SIGSTOP');
  await until('its keys fail', () => load.errors.length > 40);
  shards[2]!.child.process.kill('SIGCONT');
  await until('the shard serves again', async () =>
    (await ambassador.page('/metrics')).includes('motif_redis_shard_up{shard="cart-2"} 1'),
  );
  await load.stop();
  expect([load.wrong, load.stale]).toEqual([0, 0]);
  expect(new Set(load.errors.map(({ shard }) => shard))).toEqual(new Set(['cart-2']));
  expect(load.errors.every(({ message }) => /^SHARD(DOWN|TIMEOUT)/.test(message))).toBe(true);
});

test('Rehash: the next owner takes over; a shard that returns comes back empty under Flush', async () => {
  const { shards, ambassador } = await world({ failure: { onDeadShard: 'Rehash', onReturn: 'Flush' } });
  const ownerOf = await owners(shards, ambassador);
  const one = await client(ambassador);
  const mine = Array.from({ length: 50 }, (_, i) => `load:0:${i}`).filter((key) => ownerOf(key) === 'cart-0');
  expect(mine.length).toBeGreaterThan(3);
  shards[0]!.child.process.kill('SIGSTOP');
  await until('its keys are served by others', async () => {
    const answers = await Promise.all(mine.map((key) => one.call('SET', key, 'moved')));
    return answers.every((answer) => answer === 'OK');
  });
  expect(await one.call('GET', mine[0]!)).toBe('moved');
  shards[0]!.child.process.kill('SIGCONT');
  await until('it is back, empty', async () => (await one.call('GET', mine[0]!)) === null);
});

test('a topology change under load loses no answer and mixes none up', async () => {
  const { ambassador, ports } = await world({}, 4);
  ambassador.publish(topologyOf(ports.slice(0, 3), { epoch: 2 }));
  const epoch = async (number: number): Promise<boolean> =>
    (await ambassador.page('/metrics')).includes(`motif_topology_epoch ${number}\n`);
  await until('epoch 2', () => epoch(2));
  const load = new Load(ambassador, 20, () => '');
  for (let number = 3; number < 11; number++) {
    const before = load.answers;
    await until('there is load', () => load.answers > before + 300);
    ambassador.publish(topologyOf(number % 2 === 0 ? ports.slice(0, 3) : ports, { epoch: number }));
    await until(`epoch ${number}`, () => epoch(number));
  }
  await load.stop();
  expect(load.errors).toEqual([]);
  // A key may move between a SET and its GET and show an older value there; another key's value it must not show.
  expect(load.wrong).toBe(0);
});

test('a SCAN that a topology change interrupts ends with an error instead of skipping keys', async () => {
  const { ambassador, ports } = await world({}, 3);
  const one = await client(ambassador);
  for (let i = 0; i < 100; i++) await one.call('SET', `scan:${i}`, 'x');
  const [cursor] = (await one.call('SCAN', '0', 'COUNT', '5')) as [string];
  expect(BigInt(cursor)).toBeGreaterThan(0n);
  ambassador.publish(topologyOf(ports.slice(0, 2), { epoch: 2 }));
  await until('epoch 2', async () => (await ambassador.page('/metrics')).includes('motif_topology_epoch 2\n'));
  await until('the client has moved', async () => {
    const answer = await one.call('SCAN', cursor);
    return answer instanceof ReplyError && answer.message.includes('the topology has changed');
  });
});

test('SIGTERM: what is in flight is answered, nothing more is accepted, exit code 0', async () => {
  const { ambassador } = await world({});
  const load = new Load(ambassador, 10, () => '');
  await until('there is load', () => load.answers > 500);
  const ended = ambassador.child.end('SIGTERM');
  await expect(load.done).rejects.toThrow('the connection was closed');
  expect(await ended).toBe(0);
  expect(load.errors).toEqual([]);
  await expect(RawClient.connect(ambassador.port)).rejects.toThrow('ECONNREFUSED');
});

test('it is ready while at least one shard is reachable, and says which are not', async () => {
  const { ambassador, shards } = await world({}, 2, [await freePort()]);
  await until('the missing shard is named', async () => (await ambassador.page('/readyz?verbose')).includes('cart-2'));
  expect(await ambassador.ready()).toBe(true);
  await Promise.all(shards.map((shard) => shard.kill()));
  await until('it is not ready', async () => !(await ambassador.ready()));
  await shards[0]!.start();
  await until('it is ready', () => ambassador.ready());
});
