import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { DONE } from '../downstream/dispatch.ts';
import { array, bulk, request } from '../resp/encode.ts';
import { splitCommand } from './split.ts';
import { StubClient } from './testing/stub-client.ts';

const run = (stub: StubClient, ...args: string[]): number | null => {
  const [spec, scanner] = stub.command(...args);
  return splitCommand(stub.client, spec, scanner);
};

/** Each shard carries out the MGETs it was sent, with `value(key)`. */
function answerGets(stub: StubClient, order: readonly number[], value: (key: string) => string): void {
  for (const index of order) {
    const shard = stub.shards[index % stub.shards.length];
    if (shard === undefined || shard.slots.length === 0) continue;
    const keys = shard.sent.split('\r\n').filter((_, i) => i > 2 && i % 2 === 0);
    shard.reply(array(keys.map(value)));
  }
}

describe('a command with keys of several shards', () => {
  test('MGET: each shard gets its keys in their order, and the values come in the order of all keys', () => {
    const stub = new StubClient(2);
    const [a, b, c, d] = stub.keys(2) as [string, string, string, string];
    expect(run(stub, 'MGET', a, b, c, d, a)).toBe(DONE);
    expect(stub.shards[0]?.sent).toBe(request(['MGET', a, c, a]));
    expect(stub.shards[1]?.sent).toBe(request(['MGET', b, d]));
    stub.shards[1]?.reply(array([bulk('B'), '$-1\r\n']));
    expect(stub.answers).toEqual([]);
    stub.shards[0]?.reply(array([bulk('A'), bulk('C'), bulk('A')]));
    expect(stub.answers).toEqual([array([bulk('A'), bulk('B'), bulk('C'), '$-1\r\n', bulk('A')])]);
  });

  test('MGET of any keys answers what one server would, whichever shard is first', () => {
    const keys = fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        keys,
        fc.integer({ min: 1, max: 5 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
        (all, size, order) => {
          const stub = new StubClient(size);
          const value = (key: string): string => (key.length % 2 === 0 ? '$-1\r\n' : bulk(`<${key}>\r\n`));
          if (run(stub, 'mget', ...all) === null) {
            expect(new Set(all.map((key) => stub.shardOf(key))).size).toBe(1);
            return;
          }
          answerGets(stub, order, value);
          expect(stub.answers).toEqual([array(all.map(value))]);
          expect(stub.lanes.every(({ outstanding }) => outstanding === 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('MSET: keys keep their values', () => {
    const stub = new StubClient(3);
    const keys = stub.keys(2);
    run(stub, 'MSET', ...keys.flatMap((key) => [key, `${key}=\r\n`]));
    stub.shards.forEach((shard, i) => {
      const own = keys.filter((_, at) => at % 3 === i);
      expect(shard.sent).toBe(request(['MSET', ...own.flatMap((key) => [key, `${key}=\r\n`])]));
      shard.reply('+OK\r\n');
    });
    expect(stub.answers).toEqual(['+OK\r\n']);
  });

  test('MSET that fails on one shard says where it was carried out', () => {
    const stub = new StubClient(3);
    run(stub, 'MSET', ...stub.keys(1).flatMap((key) => [key, '1']));
    stub.shards[0]?.reply('+OK\r\n');
    stub.shards[1]?.reply('-OOM command not allowed\r\n');
    stub.shards[2]?.reply('+OK\r\n');
    expect(stub.answers).toEqual(['-OOM command not allowed; MSET was carried out in part: on cart-0, cart-2\r\n']);
  });

  test.each(['DEL', 'UNLINK', 'EXISTS', 'TOUCH'])('%s adds up', (name) => {
    const stub = new StubClient(2);
    run(stub, name, ...stub.keys(2));
    stub.shards[0]?.reply(':2\r\n');
    stub.shards[1]?.reply(':1\r\n');
    expect(stub.answers).toEqual([':3\r\n']);
  });

  it('is forwarded as it is when one shard has all keys, by hash tags too', () => {
    const stub = new StubClient(3);
    expect(run(stub, 'MGET', 'a')).toBeNull();
    expect(run(stub, 'MGET', '{x}1', '{x}2', 'x')).toBeNull();
    expect(stub.shards.map(({ sent }) => sent)).toEqual(['', '', '']);
  });

  it('is refused as a whole where keys must not be split', () => {
    const stub = new StubClient(2, { splitMultiKey: false });
    expect(run(stub, 'MGET', ...stub.keys(1))).toBe(DONE);
    expect(stub.answers).toEqual(["-CROSSSLOT Keys in request don't hash to the same slot\r\n"]);
  });
});

describe('with a dead shard', () => {
  it('MGET tells it at the places of its keys', () => {
    const stub = new StubClient(2);
    const [a, b, c] = stub.keys(2) as [string, string, string];
    (stub.shards[1] as { dead: boolean }).dead = true;
    run(stub, 'MGET', b, a, c, b);
    stub.shards[0]?.reply(array([bulk('A'), bulk('C')]));
    const error = '-SHARDDOWN cart-1 is not reachable\r\n';
    expect(stub.answers).toEqual([array([error, bulk('A'), bulk('C'), error])]);
  });

  it('MGET fails as a whole where that is wanted, and no shard is asked', () => {
    const stub = new StubClient(2, { wholeFails: true });
    (stub.shards[1] as { dead: boolean }).dead = true;
    run(stub, 'MGET', ...stub.keys(1));
    expect(stub.answers).toEqual(['-SHARDDOWN cart-1 is not reachable\r\n']);
    expect(stub.shards[0]?.sent).toBe('');
  });

  it('a write changes nothing, and says so', () => {
    const stub = new StubClient(2);
    (stub.shards[1] as { dead: boolean }).dead = true;
    run(stub, 'MSET', ...stub.keys(1).flatMap((key) => [key, '1']));
    expect(stub.answers).toEqual(['-SHARDDOWN cart-1 is not reachable; nothing was changed\r\n']);
    expect(stub.shards[0]?.sent).toBe('');
  });
});
