import { parseTopology, serializeTopology, withEpoch } from '@motif/api/topology';
import { describe, expect, test } from 'vitest';
import { http, resource } from '../testing.ts';
import { topologyContent } from './topology.ts';

const addresses = new Map([
  ['cart-0-0', '10.0.0.1'],
  ['cart-1-0', '10.0.0.2'],
]);
const none = {
  addresses: new Map(),
  serving: new Set<string>(),
  scaled: new Map<number, number>(),
  ready: new Set<number>(),
  previous: undefined,
};
const known = withEpoch(topologyContent(resource({ shards: 2 }), { ...none, addresses }), undefined);

describe('topologyContent', () => {
  test('names every shard from the start, pods or not', () => {
    const content = topologyContent(resource(), none);
    expect(content.shards.map(({ name }) => name)).toEqual(['cart-0', 'cart-1', 'cart-2']);
    expect(content.shards[0]?.endpoints).toEqual([
      { name: 'cart-0-0', host: 'cart-0-0.cart-shards.shop.svc', port: 6379 },
    ]);
  });

  test('keeps the last known address of a pod that is not in the list', () => {
    const content = topologyContent(resource({ shards: 2 }), { ...none, previous: known });
    expect(content.shards).toEqual(known.shards);
    expect(withEpoch(content, known).epoch).toBe(known.epoch);
  });

  test('takes a new address', () => {
    const moved = new Map([['cart-0-0', '10.0.0.9']]);
    const content = topologyContent(resource({ shards: 2 }), { ...none, addresses: moved, previous: known });
    expect(content.shards.map(({ endpoints }) => endpoints[0]?.ip)).toEqual(['10.0.0.9', '10.0.0.2']);
  });

  test('lets new shards in together, once all of them are ready', () => {
    const grown = (ready: number[]) =>
      topologyContent(resource({ shards: 4 }), { ...none, ready: new Set(ready), previous: known }).shards.length;
    expect(grown([0, 1])).toBe(2);
    expect(grown([0, 1, 2])).toBe(2);
    expect(grown([2, 3])).toBe(4);
  });

  test('lets shards that leave go at once', () => {
    expect(topologyContent(resource({ shards: 1 }), { ...none, previous: known }).shards).toHaveLength(1);
  });

  test('does not trust the topology of an earlier resource of the name', () => {
    const next = resource({ shards: 4 }, { uid: 'uid-next' });
    const content = topologyContent(next, { ...none, previous: known });
    expect(content.shards).toHaveLength(4);
    expect(content.shards[0]?.endpoints[0]).not.toHaveProperty('ip');
  });

  test('names the files of secrets, never their content', () => {
    const key = { secretRef: { name: 's', key: 'k' } };
    const content = topologyContent(
      resource({ auth: { password: key }, clientAuth: [{ username: 'app', password: key }] }),
      none,
    );
    expect(content).toMatchObject({
      auth: { username: false, password: true },
      clientAuth: [{ username: 'app', passwordFile: 'client-0-password' }],
    });
  });
});

describe('topologyContent of http', () => {
  const pods = ['cart-0-0', 'cart-0-1', 'cart-1-0'];
  const seen = { ...none, addresses: new Map(pods.map((pod, i) => [pod, `10.0.1.${i + 1}`])) };
  const endpoints = (of: ReturnType<typeof http>, serving: string[], over: Partial<typeof none> = {}) =>
    topologyContent(of, { ...seen, serving: new Set(serving), ...over }).shards.map((shard) =>
      shard.endpoints.map(({ name }) => name),
    );

  test('lists of several replicas those that serve, and all where none does', () => {
    const of = http({ shards: 2, replicas: 2 });
    expect(endpoints(of, ['cart-0-1', 'cart-1-0', 'cart-1-1'])).toEqual([['cart-0-1'], ['cart-1-0', 'cart-1-1']]);
    expect(endpoints(of, ['cart-1-1'])).toEqual([['cart-0-0', 'cart-0-1'], ['cart-1-1']]);
    expect(endpoints(http({ shards: 2 }), [])).toEqual([['cart-0-0'], ['cart-1-0']]);
  });

  test('lists none that the shard is not to have, and as many as an autoscaler made', () => {
    const all = ['cart-0-0', 'cart-0-1', 'cart-0-2', 'cart-1-0'];
    expect(endpoints(http({ shards: 2 }), all)).toEqual([['cart-0-0'], ['cart-1-0']]);
    const scaled = http({ shards: 2, shardAutoscaling: { maxReplicas: 5 } });
    expect(endpoints(scaled, all, { scaled: new Map([[0, 3]]) })).toEqual([
      ['cart-0-0', 'cart-0-1', 'cart-0-2'],
      ['cart-1-0'],
    ]);
  });

  test('says what the resource says, and nothing of redis', () => {
    const of = http({
      shards: 2,
      sharding: {
        key: ['header:x-user', 'ip'],
        algorithm: 'map',
        map: [{ value: 'DE', shard: 1 }],
        boundedLoadPercent: 125,
      },
      overrides: [{ index: 1, weight: 3, hashName: 'old-1' }],
      hedge: { afterPercentile: 90 },
      trustedProxies: ['10.0.0.0/8'],
      geoDatabase: { claimName: 'countries', path: 'geo/country.mmdb' },
    });
    const content = topologyContent(of, none);
    expect(content).toMatchObject({
      protocol: 'http',
      port: 8080,
      sharding: {
        algorithm: 'map',
        key: ['header:x-user', 'ip'],
        map: [{ value: 'DE', shard: 1 }],
        boundedLoadPercent: 125,
      },
      hedge: { afterPercentile: 90, budgetPercent: 5 },
      trustedProxies: ['10.0.0.0/8'],
      geoDatabase: { file: '/etc/motif/geo/geo/country.mmdb' },
      shards: [
        { hashName: 'cart-0', weight: 1 },
        { hashName: 'old-1', weight: 3 },
      ],
    });
    for (const field of ['redis', 'auth', 'clientAuth']) expect(content).not.toHaveProperty(field);
    expect(parseTopology(serializeTopology(withEpoch(content, undefined)))).toMatchObject({ epoch: 1 });
  });

  test('moves keys at once or not at all: what places them waits for new shards', () => {
    const sharding = { key: ['uri'], algorithm: 'range', range: [{ from: 'a', shard: 0 }], onRemap: 'Remap' };
    const before = withEpoch(topologyContent(http({ shards: 2, sharding }), none), undefined);
    const grown = http({
      shards: 3,
      sharding: { ...sharding, range: [...sharding.range, { from: 'n', shard: 2 }] },
      overrides: [{ index: 0, weight: 2 }],
    });
    const waiting = topologyContent(grown, { ...none, previous: before });
    expect(waiting).toMatchObject({ sharding: before.sharding, shards: before.shards });
    const moved = topologyContent(grown, { ...none, previous: before, ready: new Set([2]) });
    expect(moved).toMatchObject({ sharding: { range: [{ from: 'a' }, { from: 'n', shard: 2 }] } });
    expect(moved.shards.map(({ weight }) => weight)).toEqual([2, 1, 1]);
  });
});
