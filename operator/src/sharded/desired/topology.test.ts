import { withEpoch } from '@motif/api/topology';
import { describe, expect, test } from 'vitest';
import { resource } from '../testing.ts';
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
