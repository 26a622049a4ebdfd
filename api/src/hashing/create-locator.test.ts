import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLocator, type Sharding } from './create-locator.ts';
import type { Locator } from './locator.ts';
import { createRendezvous } from './rendezvous.ts';

const shards = [0, 1, 2, 3].map((i) => ({ hashName: `cart-${i}`, weight: i === 2 ? 5 : 1 }));
const rendezvous = createRendezvous(shards);
const of = (sharding: Partial<Sharding>): Locator =>
  createLocator({ algorithm: 'rendezvous', hash: 'rendezvous/v1', ...sharding }, shards);

/** The key in the middle of other bytes, as it stands in a buffer from the wire. */
function at<T>(key: Uint8Array, ask: (bytes: Uint8Array, start: number, end: number) => T): T {
  const bytes = Buffer.concat([Buffer.from('xx'), key, Buffer.from('yy')]);
  return ask(bytes, 2, 2 + key.length);
}
const pick = (locator: Locator, key: string | Uint8Array): number =>
  at(typeof key === 'string' ? Buffer.from(key) : key, (...range) => locator.pick(...range));

const words = fc.uniqueArray(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }).filter((w) => w.isWellFormed()),
  {
    minLength: 1,
    maxLength: 40,
  },
);
const index = fc.integer({ min: 0, max: 3 });

describe('a locator by map', () => {
  const map = [
    { value: 'DE', shard: 2 },
    { value: 'Österreich', shard: 0 },
    { value: 'd', shard: 0 },
  ];
  const locator = of({ algorithm: 'map', map });

  it('puts named keys where they are named, and the rest by rendezvous', () => {
    for (const { value, shard } of map) expect(pick(locator, value)).toBe(shard);
    for (const key of ['de', 'DEU', 'D', '', 'FR']) expect(pick(locator, key)).toBe(pick(rendezvous, key));
  });

  it('agrees with a plain map for any names and keys', () => {
    fc.assert(
      fc.property(words, words, fc.infiniteStream(index), (names, others, stream) => {
        const entries = names.map((value) => ({ value, shard: stream.next().value }));
        const found = of({ algorithm: 'map', map: entries });
        const plain = new Map(entries.map(({ value, shard }) => [value, shard]));
        for (const key of [...names, ...others]) expect(pick(found, key)).toBe(plain.get(key) ?? pick(rendezvous, key));
      }),
    );
  });
});

describe('a locator by range', () => {
  const range = [
    { from: 'n', shard: 1 },
    { from: 'é', shard: 0 },
    { from: 'a', shard: 3 },
  ];
  const locator = of({ algorithm: 'range', range });

  it.each<[string, number]>([
    ['a', 3],
    ['apple', 3],
    ['mzz', 3],
    ['n', 1],
    ['z', 1],
    ['è', 1],
    ['é', 0],
    ['漢', 0],
  ])('puts %s on shard %d', (key, shard) => {
    expect(pick(locator, key)).toBe(shard);
  });

  it('leaves keys below the first bound to rendezvous', () => {
    for (const key of ['', '0', 'Zebra', '`']) expect(pick(locator, key)).toBe(pick(rendezvous, key));
    expect(pick(of({ algorithm: 'range', range: [{ from: '', shard: 2 }] }), '')).toBe(2);
  });

  it('takes the highest bound that is not above the key, whatever order they are written in', () => {
    fc.assert(
      fc.property(words, fc.uint8Array({ maxLength: 6 }), fc.infiniteStream(index), (froms, key, stream) => {
        const entries = froms.map((from) => ({ from, shard: stream.next().value }));
        const below = entries.filter(({ from }) => Buffer.compare(Buffer.from(from), key) <= 0);
        const [owner] = below.toSorted((a, b) => Buffer.compare(Buffer.from(b.from), Buffer.from(a.from)));
        expect(pick(of({ algorithm: 'range', range: entries }), key)).toBe(owner?.shard ?? pick(rendezvous, key));
      }),
    );
  });
});

describe('any locator', () => {
  const all = [
    of({}),
    of({ algorithm: 'map', map: [{ value: 'a', shard: 1 }] }),
    of({ algorithm: 'range', range: [{ from: 'a', shard: 1 }] }),
  ];

  it('ranks the owner first, each shard once, and asks the next when one is left out', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.constantFrom('a', 'b', '', 'xyz'), (locator, text) => {
        const key = Buffer.from(text);
        const rank = locator.rank(key, 0, key.length);
        expect(rank.toSorted()).toEqual([0, 1, 2, 3]);
        expect(rank[0]).toBe(pick(locator, text));
        const excluded = new Uint8Array(4);
        for (const shard of rank) {
          expect(locator.pickExcept(key, 0, key.length, excluded)).toBe(shard);
          excluded[shard] = 1;
        }
        expect(locator.pickExcept(key, 0, key.length, excluded)).toBe(-1);
      }),
    );
  });

  it.each<[string, Partial<Sharding>, string]>([
    ['a map without entries', { algorithm: 'map' }, 'sharding.map: expected one entry'],
    ['a map for rendezvous', { map: [{ value: 'a', shard: 0 }] }, 'sharding.map: expected none'],
    [
      'a shard too many',
      { algorithm: 'map', map: [{ value: 'a', shard: 4 }] },
      'map.0.shard: expected an index below 4',
    ],
    ['half a shard', { algorithm: 'range', range: [{ from: 'a', shard: 0.5 }] }, 'range.0.shard'],
    [
      'a value twice',
      { algorithm: 'map', map: ['a', 'b', 'a'].map((value) => ({ value, shard: 0 })) },
      'map.2.value: expected a value of its own',
    ],
    ['a bound twice', { algorithm: 'range', range: ['a', 'a'].map((from) => ({ from, shard: 0 })) }, 'range.1.from'],
  ])('is not made of %s', (_, sharding, message) => {
    expect(() => of(sharding)).toThrow(message);
  });
});
