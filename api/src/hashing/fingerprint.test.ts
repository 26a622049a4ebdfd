import { describe, expect, it } from 'vitest';
import { type Placement, placementText, shardingFingerprint } from './fingerprint.ts';

const placement: Placement = {
  algorithm: 'rendezvous',
  hash: 'rendezvous/v1',
  hashTag: '{}',
  shards: [
    { hashName: 'cart-0', weight: 1 },
    { hashName: 'cart-1', weight: 1 },
  ],
};

describe('the sharding fingerprint', () => {
  it('is fixed for ever: claims in clusters carry it', () => {
    expect(placementText(placement)).toBe(
      '["motif.dev/placement/v1","rendezvous","rendezvous/v1","{}",[],[["cart-0",1],["cart-1",1]]]',
    );
    expect(shardingFingerprint(placement)).toBe('v1-425eb6fe35b39b6530a5a6b580498532c0871');
  });

  it('is the same for the same placement, however it is written', () => {
    const { shards, hashTag, hash, algorithm } = placement;
    expect(shardingFingerprint({ shards, key: [], hashTag, hash, algorithm })).toBe(shardingFingerprint(placement));
  });

  it.each<[string, Partial<Placement>]>([
    ['algorithm', { algorithm: 'ketama' }],
    ['hash', { hash: 'murmur' }],
    ['hash tag', { hashTag: 'None' }],
    ['key', { key: ['uri'] }],
    ['number of shards', { shards: placement.shards.slice(1) }],
    ['order of shards', { shards: placement.shards.toReversed() }],
    ['weights', { shards: placement.shards.map((shard) => ({ ...shard, weight: 2 })) }],
    ['hash names', { shards: placement.shards.map(({ hashName }) => ({ hashName: `old-${hashName}`, weight: 1 })) }],
    ['map', { algorithm: 'map', map: [{ value: 'DE', shard: 1 }] }],
    ['range', { algorithm: 'range', range: [{ from: 'a', shard: 1 }] }],
    // What would be one text if names were merely joined.
    ['borders between names', { shards: [{ hashName: 'cart-0",1],["cart-1', weight: 1 }] }],
  ])('differs with another %s', (_, change) => {
    expect(shardingFingerprint({ ...placement, ...change })).not.toBe(shardingFingerprint(placement));
  });

  it('looks at what a map says, and not at the order of its entries', () => {
    const map = [
      { value: 'DE', shard: 1 },
      { value: 'AT', shard: 0 },
    ];
    const of = (entries: Placement['map'] & object) =>
      shardingFingerprint({ ...placement, algorithm: 'map', map: entries });
    expect(of(map.toReversed())).toBe(of(map));
    expect(of(map.slice(1))).not.toBe(of(map));
    expect(of(map.map(({ value }) => ({ value, shard: 1 })))).not.toBe(of(map));
  });

  it('fits a label and an annotation', () => {
    expect(shardingFingerprint(placement)).toMatch(/^v1-[0-9a-f]{37}$/);
  });
});
