import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { array, bulk } from '../resp/encode.ts';
import type { Part } from './gather.ts';
import {
  appliedInPart,
  elementsOf,
  errorOf,
  mergeConcat,
  mergeRandom,
  mergeSucceeded,
  mergeSum,
  mergeValues,
} from './merge.ts';

const part = (reply: string | undefined, shard = 'cart-0', error?: string): Part => ({
  shard,
  reply: reply === undefined ? undefined : Buffer.from(reply, 'latin1'),
  error,
});
const text = (bytes: Buffer): string => bytes.toString('latin1');
const failed = part(undefined, 'cart-1', 'SHARDDOWN cart-1 is not reachable');
const refused = part('-ERR no\r\n', 'cart-1');
const FAILED = '-SHARDDOWN cart-1 is not reachable\r\n';

describe('the parts of an answer', () => {
  test('an array is taken apart into its elements, nested ones whole', () => {
    const items = [bulk('a'), ':1\r\n', array([bulk('x'), '_\r\n']), '$-1\r\n', '|1\r\n+a\r\n:1\r\n+b\r\n'];
    expect(elementsOf(Buffer.from(array(items)))?.map(text)).toEqual(items);
    expect(elementsOf(Buffer.from('~1\r\n+a\r\n'))?.map(text)).toEqual(['+a\r\n']);
    expect(elementsOf(Buffer.from('*0\r\n'))).toEqual([]);
    for (const other of ['*-1\r\n', '+OK\r\n', '$1\r\na\r\n', '*2\r\n+a\r\n'])
      expect(elementsOf(Buffer.from(other))).toBeUndefined();
  });

  test('an error is the shard’s or the proxy’s own', () => {
    expect(errorOf(refused)).toBe('ERR no');
    expect(errorOf(failed)).toBe('SHARDDOWN cart-1 is not reachable');
    expect(errorOf(part('+OK\r\n'))).toBeUndefined();
  });
});

describe('sum', () => {
  test('of any integers', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1 }), (numbers) => {
        const sum = numbers.reduce((a, b) => a + b);
        expect(text(mergeSum(numbers.map((number) => part(`:${number}\r\n`))))).toBe(`:${sum}\r\n`);
      }),
      { numRuns: 50 },
    );
  });

  test('the first error instead; what is no number is an error', () => {
    expect(text(mergeSum([part(':1\r\n'), failed, refused]))).toBe(FAILED);
    expect(text(mergeSum([part(':1\r\n'), part('+OK\r\n')]))).toMatch(/^-ERR a shard answered/);
    expect(text(mergeSum([part(':x\r\n')]))).toMatch(/^-ERR a shard answered/);
  });

  test('a write in part names the shards that carried it out, each once', () => {
    const parts = [part(':1\r\n', 'cart-0'), refused, part(':1\r\n', 'cart-2'), part(':1\r\n', 'cart-0')];
    expect(text(mergeSum(parts, appliedInPart('DEL')))).toBe(
      '-ERR no; DEL was carried out in part: on cart-0, cart-2\r\n',
    );
    expect(text(mergeSum([refused, failed], appliedInPart('DEL')))).toBe('-ERR no\r\n');
  });
});

describe('all succeeded', () => {
  test('the first answer when there is no error, else the first error', () => {
    expect(text(mergeSucceeded([part('+OK\r\n'), part('+other\r\n')]))).toBe('+OK\r\n');
    expect(text(mergeSucceeded([part('+OK\r\n'), refused, failed]))).toBe('-ERR no\r\n');
  });
});

describe('one array behind the other', () => {
  test('of any arrays', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.stringMatching(/^[a-z\r\n]*$/)), { minLength: 1, maxLength: 4 }), (lists) => {
        const parts = lists.map((list) => part(array(list.map(bulk))));
        expect(text(mergeConcat(parts))).toBe(array(lists.flat().map(bulk)));
      }),
      { numRuns: 50 },
    );
  });

  test('an error of one shard is the answer: the list would not be whole', () => {
    expect(text(mergeConcat([part('*1\r\n+a\r\n'), failed]))).toBe(FAILED);
  });
});

describe('any one', () => {
  test('of those that have something, evenly', () => {
    const parts = [part('$-1\r\n'), part(bulk('a')), part('_\r\n'), part(bulk('b'))];
    expect([0, 0.49, 0.5, 0.999].map((random) => text(mergeRandom(parts, random)))).toEqual(
      ['a', 'a', 'b', 'b'].map(bulk),
    );
  });

  test('null when all are empty, the error when there is one', () => {
    expect(text(mergeRandom([part('$-1\r\n'), part('$-1\r\n')], 0.7))).toBe('$-1\r\n');
    expect(text(mergeRandom([part(bulk('a')), refused], 0.1))).toBe('-ERR no\r\n');
  });
});

describe('values in the order of the keys', () => {
  it('takes each shard’s in turn', () => {
    const parts = [part(array([bulk('a'), bulk('c')])), part(array(['$-1\r\n']))];
    expect(text(mergeValues(parts, [0, 1, 0], false))).toBe(array([bulk('a'), '$-1\r\n', bulk('c')]));
  });

  test.each([
    ['the proxy’s', failed, FAILED],
    ['a shard’s', refused, '-ERR no\r\n'],
    ['no array at all', part('+OK\r\n'), '-ERR a shard answered with something else than an array\r\n'],
    ['too short an array', part('*0\r\n'), '-ERR a shard answered with too few values\r\n'],
  ])('an error stands at its keys’ places: %s', (_name, bad, error) => {
    expect(text(mergeValues([part(array([bulk('a')])), bad], [1, 0, 1], false))).toBe(array([error, bulk('a'), error]));
  });

  it('or is the answer, where no answer in part is wanted', () => {
    expect(text(mergeValues([part(array([bulk('a')])), failed], [1, 0], true))).toBe(FAILED);
  });
});
