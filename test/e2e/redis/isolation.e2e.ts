import { ReplyError } from '@motif/chassis/redis/resp/decode';
import { request } from '@motif/chassis/redis/resp/encode';
import { RawClient } from '@motif/chassis/redis/testing/raw-client';
import { topologyOf } from '@motif/chassis/redis/testing/topology';
import { seededRandom } from '@motif/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RealRedis } from './support/processes.ts';

let shards: RealRedis[];
let ambassador: Ambassador;

beforeAll(async () => {
  shards = await Promise.all([RealRedis.start(), RealRedis.start(), RealRedis.start()]);
  ambassador = await Ambassador.start(topologyOf(shards.map(({ port }) => port)));
});
afterAll(async () => {
  await ambassador?.stop();
  await Promise.all((shards ?? []).map((shard) => shard.stop()));
});

/** A command and what its answer must be; undefined: it is not answered. */
interface Step {
  readonly args: readonly string[];
  readonly expected: unknown;
}

/** What one client does: every value names the client and the key, so that another's answer cannot pass for its own. */
class Script {
  readonly #client: number;
  readonly #random: () => number;
  readonly #values = new Map<string, string>();
  #protocol = 2;
  #silent: 'no' | 'next' | 'off' = 'no';

  constructor(client: number, random: () => number) {
    this.#client = client;
    this.#random = random;
  }

  next(): Step {
    const step = this.#step();
    if (step.args[1]?.toLowerCase() === 'reply') return step;
    if (this.#silent === 'no') return step;
    if (this.#silent === 'next') this.#silent = 'no';
    return { ...step, expected: undefined };
  }

  #pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #key(): string {
    return `c${this.#client}:k${this.#pick(40)}`;
  }

  #step(): Step {
    switch (this.#pick(13)) {
      case 0:
      case 1:
      case 2: {
        const key = this.#key();
        const size = this.#pick(40) === 0 ? 20_000 + this.#pick(60_000) : this.#pick(200);
        const value = `${key}=${this.#pick(1e9)}${'.'.repeat(size)}`;
        this.#values.set(key, value);
        return { args: ['SET', key, value], expected: 'OK' };
      }
      case 3: {
        const keys = Array.from({ length: 1 + this.#pick(6) }, () => this.#key());
        return { args: ['MGET', ...keys], expected: keys.map((key) => this.#values.get(key) ?? null) };
      }
      case 4: {
        const pairs = Array.from(
          { length: 1 + this.#pick(4) },
          () => [this.#key(), `v${this.#client}:${this.#pick(1e9)}`] as const,
        );
        for (const [key, value] of pairs) this.#values.set(key, value);
        return { args: ['MSET', ...pairs.flat()], expected: 'OK' };
      }
      case 5: {
        const keys = [...new Set([this.#key(), this.#key(), this.#key()])];
        const expected = keys.filter((key) => this.#values.delete(key)).length;
        return { args: ['DEL', ...keys], expected };
      }
      case 6: {
        const text = `ping of ${this.#client} ${this.#pick(1e9)}`;
        return { args: ['ECHO', text], expected: text };
      }
      case 7:
        return { args: ['HGETALL', `none:${this.#client}`], expected: this.#protocol === 3 ? new Map() : [] };
      case 8:
        return this.#reply();
      case 9:
        return this.#hello();
      default: {
        const key = this.#key();
        return { args: ['GET', key], expected: this.#values.get(key) ?? null };
      }
    }
  }

  #reply(): Step {
    if (this.#silent === 'off' || this.#pick(4) > 0) {
      this.#silent = 'no';
      return { args: ['CLIENT', 'REPLY', 'ON'], expected: 'OK' };
    }
    this.#silent = this.#pick(3) > 0 ? 'next' : 'off';
    return { args: ['CLIENT', 'REPLY', this.#silent === 'next' ? 'SKIP' : 'OFF'], expected: undefined };
  }

  /** Switches the protocol; what it answers is looked at only for its number. */
  #hello(): Step {
    this.#protocol = 2 + this.#pick(2);
    return { args: ['HELLO', String(this.#protocol)], expected: { proto: this.#protocol } };
  }
}

function protocolOf(answer: unknown): unknown {
  if (answer instanceof Map) return answer.get('proto');
  return Array.isArray(answer) ? answer[answer.indexOf('proto') + 1] : answer;
}

async function run(client: number, seed: number, commands: number): Promise<void> {
  const random = seededRandom(seed);
  const script = new Script(client, random);
  const connection = await RawClient.connect(ambassador.port);
  for (let sent = 0; sent < commands; ) {
    const batch = Array.from({ length: 1 + Math.floor(random() * 60) }, () => script.next());
    sent += batch.length;
    const bytes = Buffer.from(batch.map(({ args }) => request(args)).join(''), 'latin1');
    // In pieces of any size, so that commands are cut anywhere.
    for (let from = 0; from < bytes.length; ) {
      const size = 1 + Math.floor(random() * bytes.length);
      connection.send(bytes.subarray(from, from + size));
      from += size;
      if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { args, expected } of batch) {
      if (expected === undefined) continue;
      const answer = await connection.answer();
      const seen =
        typeof expected === 'object' && expected !== null && 'proto' in expected
          ? { proto: protocolOf(answer) }
          : answer;
      expect(seen, `client ${client}, seed ${seed}: ${args.join(' ').slice(0, 80)}`).toEqual(expected);
    }
  }
  connection.destroy();
}

test('sixty clients with mixed pipelines, silenced answers and both protocols get their own answers only, in order', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  await Promise.all(Array.from({ length: 60 }, (_, client) => run(client, seed + client, 1500)));
});

test('a command of which the answer is skipped does not shift the answers of others', async () => {
  const [silent, other] = await Promise.all([RawClient.connect(ambassador.port), RawClient.connect(ambassador.port)]);
  for (let i = 0; i < 200; i++) {
    silent.send(request(['CLIENT', 'REPLY', 'SKIP']) + request(['SET', `skip:${i}`, `value ${i}`]));
    expect(await other.call('GET', `absent:${i}`)).toBe(null);
  }
  for (let i = 0; i < 200; i++) expect(await silent.call('GET', `skip:${i}`)).toBe(`value ${i}`);
  silent.destroy();
  other.destroy();
});

test('an answer in RESP2 for one and in RESP3 for the other, from the same shards at the same time', async () => {
  const [two, three] = await Promise.all([RawClient.connect(ambassador.port), RawClient.connect(ambassador.port)]);
  await three.call('HELLO', '3');
  expect(await two.call('HSET', 'h', 'f', 'v')).toBe(1);
  for (let i = 0; i < 100; i++) {
    two.send(request(['HGETALL', 'h']));
    three.send(request(['HGETALL', 'h']));
    expect(await two.answer()).toEqual(['f', 'v']);
    expect(await three.answer()).toEqual(new Map([['f', 'v']]));
  }
  expect(await two.call('GET', 'h')).toBeInstanceOf(ReplyError);
  two.destroy();
  three.destroy();
});
