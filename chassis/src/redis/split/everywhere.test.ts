import { describe, expect, it, test } from 'vitest';
import { array, bulk, request } from '../resp/encode.ts';
import { everywhere } from './everywhere.ts';
import { StubClient } from './testing/stub-client.ts';

function run(stub: StubClient, ...args: string[]): void {
  const [spec, scanner] = stub.command(...args);
  everywhere(stub.client, spec, scanner);
}

describe('a command for every shard', () => {
  it('goes to each as it came, and its answers become one', () => {
    const stub = new StubClient(3);
    run(stub, 'KEYS', 'a*');
    for (const shard of stub.shards) expect(shard.sent).toBe(request(['KEYS', 'a*']));
    stub.shards[2]?.reply(array([bulk('c')]));
    stub.shards[0]?.reply(array([bulk('a'), bulk('b')]));
    expect(stub.answers).toEqual([]);
    stub.shards[1]?.reply('*0\r\n');
    expect(stub.answers).toEqual([array(['a', 'b', 'c'].map(bulk))]);
  });

  test.each([
    ['DBSIZE', [':3\r\n', ':4\r\n'], ':7\r\n'],
    ['RANDOMKEY', ['$-1\r\n', bulk('k')], bulk('k')],
    ['FLUSHALL', ['+OK\r\n', '+OK\r\n'], '+OK\r\n'],
    ['FLUSHALL', ['+OK\r\n', '-ERR no\r\n'], '-ERR no; FLUSHALL was carried out in part: on cart-0\r\n'],
  ])('%s', (name, replies, answer) => {
    const stub = new StubClient(2);
    run(stub, name);
    for (const [i, shard] of stub.shards.entries()) shard.reply(replies[i] as string);
    expect(stub.answers).toEqual([answer]);
  });

  it('is refused before any shard has it when one is dead', () => {
    const stub = new StubClient(2);
    Object.assign(stub.shards[1] as object, { dead: true, lastError: 'ECONNREFUSED' });
    run(stub, 'FLUSHALL');
    expect(stub.answers).toEqual(['-SHARDDOWN cart-1 is not reachable: ECONNREFUSED; nothing was changed\r\n']);
    expect(stub.shards[0]?.sent).toBe('');
  });

  it('tells of a shard that failed on the way', () => {
    const stub = new StubClient(2);
    run(stub, 'DBSIZE');
    stub.shards[0]?.reply(':1\r\n');
    stub.shards[1]?.fail('SHARDTIMEOUT cart-1 did not answer within 1000ms');
    expect(stub.answers).toEqual(['-SHARDTIMEOUT cart-1 did not answer within 1000ms\r\n']);
  });
});
