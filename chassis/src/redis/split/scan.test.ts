import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { DONE } from '../downstream/dispatch.ts';
import { array, bulk, request } from '../resp/encode.ts';
import { nextCursor, parseCursor, scan } from './scan.ts';
import { StubClient } from './testing/stub-client.ts';

const MAX = 2n ** 64n - 1n;

describe('cursors', () => {
  test('a shard’s cursor, whatever it is, comes back with its shard', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: MAX }), fc.nat(255), (cursor, shard) => {
        expect(parseCursor(String(nextCursor(shard, cursor, 256)))).toEqual({ shard, cursor });
      }),
      { numRuns: 100 },
    );
  });

  it('is the shard’s cursor times 256 plus its index', () => {
    expect(nextCursor(3, 17n, 4)).toBe(17n * 256n + 3n);
    expect(parseCursor('0')).toEqual({ shard: 0, cursor: 0n });
  });

  it('goes to the next shard when one is through, and ends with the last', () => {
    expect(nextCursor(0, 0n, 3)).toBe(1n);
    expect(parseCursor('1')).toEqual({ shard: 1, cursor: 0n });
    expect(nextCursor(2, 0n, 3)).toBe(0n);
  });

  test.each(['', '-1', 'a', '1.5', ' 1', String((MAX + 1n) * 256n), '9'.repeat(23)])('%j is none', (text) => {
    expect(parseCursor(text)).toBeUndefined();
  });
});

const run = (stub: StubClient, ...args: string[]): number => {
  const [spec, scanner] = stub.command('SCAN', ...args);
  return scan(stub.client, spec, scanner);
};
const page = (cursor: string, ...keys: string[]): string => array([bulk(cursor), array(keys.map(bulk))]);

describe('SCAN', () => {
  it('goes through one shard after the other with the client’s options', () => {
    const stub = new StubClient(2);
    const steps: [given: string, shard: number, sent: string, answered: string, next: string][] = [
      ['0', 0, '0', '18446744073709551615', String(MAX * 256n)],
      [String(MAX * 256n), 0, String(MAX), '0', '1'],
      ['1', 1, '0', '5', '1281'],
      ['1281', 1, '5', '0', '0'],
    ];
    for (const [given, index, sent, answered, next] of steps) {
      const shard = stub.shards[index];
      const before = shard?.sent.length;
      expect(run(stub, given, 'MATCH', 'a*', 'COUNT', '7')).toBe(DONE);
      expect(shard?.sent.slice(before)).toBe(request(['SCAN', sent, 'MATCH', 'a*', 'COUNT', '7']));
      shard?.reply(page(answered, 'x'));
      expect(stub.answers.pop()).toBe(page(next, 'x'));
    }
  });

  it('sends a cursor alone when there are no options', () => {
    const stub = new StubClient(1);
    run(stub, '0');
    expect(stub.shards[0]?.sent).toBe(request(['SCAN', '0']));
  });

  test.each(['x', '-1', '2', '258'])('refuses the cursor %s', (cursor) => {
    const stub = new StubClient(2);
    run(stub, cursor);
    expect(stub.answers).toEqual(['-ERR invalid cursor\r\n']);
  });

  it('refuses to go on where keys could be missed: after a change of the topology, and on a dead shard', () => {
    const stub = new StubClient(2);
    run(stub, '0');
    stub.shards[0]?.reply(page('9'));
    stub.answers.pop();
    (stub.shards[0] as { dead: boolean }).dead = true;
    (stub.lanes[0] as { stale: boolean }).stale = true;
    run(stub, '2304');
    expect(stub.answers.pop()).toBe('-SHARDDOWN cart-0 is not reachable\r\n');
    stub.routing = { ...stub.routing, epoch: 2 };
    run(stub, '2304');
    expect(stub.answers.pop()).toMatch(/^-ERR the topology has changed since this SCAN began/);
  });

  it('hands on the shard’s error, and makes one of an answer that is none', () => {
    const stub = new StubClient(1);
    for (const reply of ['-ERR syntax error\r\n', '+OK\r\n', array([bulk('x'), array([])])]) {
      run(stub, '0');
      stub.shards[0]?.reply(reply);
    }
    expect(stub.answers).toEqual([
      '-ERR syntax error\r\n',
      ...Array(2).fill('-ERR a shard answered SCAN with something else than a cursor and keys\r\n'),
    ]);
  });

  it('goes on with a cursor of another connection of the same pool, however old this one is', () => {
    const [old, other] = [new StubClient(1), new StubClient(1)];
    for (const stub of [old, other]) stub.routing = { ...stub.routing, epoch: 2 };
    (old as { proxy: object }).proxy = other.proxy;
    run(other, '0');
    other.shards[0]?.reply(page('9'));
    run(old, '2304');
    expect(old.answers).toEqual([]);
    old.routing = { ...old.routing, epoch: 3 };
    run(old, '2304');
    expect(old.answers.pop()).toMatch(/^-ERR the topology has changed since this SCAN began/);
  });

  it('remembers a bounded number of cursors', () => {
    const stub = new StubClient(1);
    for (let i = 1; i <= 1100; i++) {
      run(stub, '0');
      stub.shards[0]?.reply(page(String(i)));
    }
    expect(stub.cursors.size).toBe(1024);
    expect(stub.cursors.has(String(1100 * 256))).toBe(true);
    expect(stub.cursors.has(String(1 * 256))).toBe(false);
  });
});
