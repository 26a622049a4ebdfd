import { createRendezvous } from '@motif/api';
import { Registry } from '@motif/kit';
import { FakeClock } from '@motif/kit/testing';
import { describe, expect, it } from 'vitest';
import { HotKeys } from '../load/hot-keys.ts';
import { type Routing, shardOf } from './routing.ts';

const shards = ['cart-0', 'cart-1', 'cart-2'].map((hashName) => ({ hashName, weight: 1 }));
const routing = (changes: Partial<Routing> = {}): Routing => ({
  service: 'cart',
  epoch: 1,
  shards: [],
  locator: createRendezvous(shards),
  hashTag: { open: 123, close: 125 },
  rehash: false,
  excluded: new Uint8Array(3),
  splitMultiKey: true,
  wholeFails: false,
  adminAllowed: false,
  accounts: [],
  hotKeys: undefined,
  ...changes,
});

/** The shard of a key that lies somewhere in a buffer. */
function owner(key: string, changes: Partial<Routing> = {}): number {
  const buffer = Buffer.from(`{#}${key}{#}`, 'latin1');
  return shardOf(routing(changes), buffer, 3, 3 + key.length);
}

const keys = Array.from({ length: 200 }, (_, i) => `key:${i}`);

describe('the shard of a key', () => {
  it('is any of them, always the same', () => {
    const owners = keys.map((key) => owner(key));
    expect(new Set(owners)).toEqual(new Set([0, 1, 2]));
    expect(keys.map((key) => owner(key))).toEqual(owners);
  });

  it('depends on the hash tag alone where there is one', () => {
    for (const key of keys) {
      expect(owner(`{${key}}.cart`)).toBe(owner(key));
      expect(owner(`a{${key}}{other}`)).toBe(owner(key));
    }
    expect(keys.some((key) => owner(`{}${key}`) !== owner(''))).toBe(true);
  });

  it('depends on the whole key where tags are switched off', () => {
    expect(
      keys.some((key) => owner(`{${key}}.cart`, { hashTag: undefined }) !== owner(key, { hashTag: undefined })),
    ).toBe(true);
  });

  it('is told to whoever looks for hot keys, with the whole key', () => {
    const clock = new FakeClock();
    const hot = new HotKeys({ every: 1, clock, random: () => 0, registry: new Registry() });
    const tags = ['cart-0', 'cart-1', 'cart-2'].map((name) => hot.tagOf(name));
    const home = owner('{a}.cart', { hotKeys: { keys: hot, tags } });
    expect(hot.report().keys).toMatchObject([{ rank: 1, key: '{a}.cart', shard: `cart-${home}`, share: 1 }]);
    hot.close();
  });

  it('is the next one while it is ejected, and only under Rehash; other keys stay', () => {
    const excluded = Uint8Array.of(0, 1, 0);
    for (const key of keys) {
      const home = owner(key);
      expect(owner(key, { excluded })).toBe(home);
      const now = owner(key, { excluded, rehash: true });
      expect(home === 1 ? [0, 2] : [home]).toContain(now);
      expect(owner(key, { rehash: true })).toBe(home);
    }
  });

  it('is none when all are ejected', () => {
    expect(owner('a', { excluded: Uint8Array.of(1, 1, 1), rehash: true })).toBe(-1);
  });
});
