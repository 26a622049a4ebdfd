import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KubeObject, keyOf } from '../object.ts';
import { Store } from './store.ts';

function pod(name: string, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  const metadata = { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1', ...more };
  return { apiVersion: 'v1', kind: 'Pod', metadata };
}

const kinds = (events: { type: string; object: KubeObject }[]) =>
  events.map((event) => `${event.type} ${event.object.metadata.uid}`);

describe('Store', () => {
  test('answers by key, uid, namespace, owner, label and index, and forgets each with the object', () => {
    const store = new Store({
      labels: ['motif.dev/service'],
      indexers: { shard: (object) => [String(object.metadata.labels?.['motif.dev/shard'] ?? '')] },
    });
    const owned = pod('cart-0-0', {
      labels: { 'motif.dev/service': 'cart', 'motif.dev/shard': 'cart-0' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'cart-0', uid: 'sts' }],
    });
    store.apply(owned);
    store.apply(pod('other', { namespace: 'elsewhere', uid: 'x' }));
    const lookups = () => [
      store.get('shop/cart-0-0'),
      store.getByUid('uid-cart-0-0'),
      store.byOwner('sts')[0],
      store.byLabel('motif.dev/service', 'cart')[0],
      store.byIndex('shard', 'cart-0')[0],
      store.list('shop')[0],
    ];
    for (const found of lookups()) expect(found).toBe(owned);
    store.remove(owned);
    for (const found of lookups()) expect(found).toBeUndefined();
    expect(store.list().map(keyOf)).toEqual(['elsewhere/other']);
    expect(() => store.byLabel('app', 'x')).toThrow(/no index label:app/);
  });

  test('a change of labels moves the object between the values of an index', () => {
    const store = new Store({ labels: ['app'] });
    store.apply(pod('a', { labels: { app: 'one' } }));
    store.apply(pod('a', { labels: { app: 'two' }, resourceVersion: '2' }));
    expect(store.byLabel('app', 'one')).toEqual([]);
    expect(store.byLabel('app', 'two')).toHaveLength(1);
  });

  test('the same name with another uid is a deletion and an addition, in an event and in a list', () => {
    const store = new Store();
    store.apply(pod('a'));
    expect(kinds(store.apply(pod('a', { uid: 'second', resourceVersion: '5' })))).toEqual([
      'deleted uid-a',
      'added second',
    ]);
    expect(kinds(store.replace([pod('a', { uid: 'third', resourceVersion: '9' })]))).toEqual([
      'deleted second',
      'added third',
    ]);
  });

  test('a late deletion of an earlier object of the name does not take the new one out', () => {
    const store = new Store();
    store.apply(pod('a', { uid: 'second' }));
    expect(store.remove(pod('a'))).toEqual([]);
    expect(store.size).toBe(1);
  });

  test('replacing reports what was missed, and nothing for what stayed as it was', () => {
    const store = new Store();
    for (const name of ['gone', 'same', 'changed']) store.apply(pod(name));
    const events = store.replace([pod('same'), pod('changed', { resourceVersion: '2' }), pod('new')]);
    expect(kinds(events)).toEqual(['deleted uid-gone', 'updated uid-changed', 'added uid-new']);
    expect(events.every((event) => event.initial)).toBe(true);
  });

  test('property: replaying the events gives the content of the store, whatever lists and changes came', () => {
    const object = fc
      .record({ name: fc.constantFrom('a', 'b', 'c', 'd'), uid: fc.nat(2), version: fc.nat(3), app: fc.nat(1) })
      .map(({ name, uid, version, app }) =>
        pod(name, { uid: `${name}${uid}`, resourceVersion: `${version}`, labels: { app: `${app}` } }),
      );
    const action = fc.oneof(
      fc.record({ kind: fc.constant('apply' as const), object }),
      fc.record({ kind: fc.constant('remove' as const), object }),
      fc.record({
        kind: fc.constant('replace' as const),
        objects: fc.uniqueArray(object, { selector: (one) => one.metadata.name }),
      }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const store = new Store({ labels: ['app'] });
        const mirror = new Map<string, KubeObject>();
        for (const one of actions) {
          const events =
            one.kind === 'apply'
              ? store.apply(one.object)
              : one.kind === 'remove'
                ? store.remove(one.object)
                : store.replace(one.objects);
          for (const event of events) {
            const uid = String(event.object.metadata.uid);
            if (event.type === 'added') expect(mirror.has(uid)).toBe(false);
            else expect(mirror.has(uid)).toBe(true);
            if (event.type === 'deleted') mirror.delete(uid);
            else mirror.set(uid, event.object);
          }
          expect(new Set(store.list())).toEqual(new Set(mirror.values()));
          const indexed = [...store.byLabel('app', '0'), ...store.byLabel('app', '1')];
          expect(new Set(indexed)).toEqual(new Set(store.list()));
        }
      }),
    );
  });
});
