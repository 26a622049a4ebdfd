import { type Informer, type KubeObject, resources, Store, type StoreEvent } from '@motif/kube';
import { describe, expect, test } from 'vitest';
import { unionInformer } from './union-informer.ts';

const pod = (namespace: string, name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, uid: `${namespace}-${name}`, resourceVersion: '1', labels: { app: name } },
});

/** An informer whose store is filled by hand. */
function part(namespace: string, synced: boolean) {
  const store = new Store({ labels: ['app'] });
  const handlers = new Set<(event: StoreEvent) => void>();
  const informer: Informer = {
    resource: resources.pods,
    store,
    synced,
    suspicion: undefined,
    subscribe(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    run: async () => {},
    waitForSync: async () => {},
    resync: () => {},
  };
  const add = (name: string) => {
    for (const event of store.apply(pod(namespace, name))) for (const handler of handlers) handler(event);
  };
  return { informer, add };
}

describe('unionInformer', () => {
  test('reads as one store', () => {
    const [a, b] = [part('a', true), part('b', true)];
    a.add('x');
    b.add('x');
    b.add('y');
    const { store } = unionInformer([a.informer, b.informer]);
    expect(store.size).toBe(3);
    expect(store.get('b/y')?.metadata.uid).toBe('b-y');
    expect(store.getByUid('a-x')?.metadata.namespace).toBe('a');
    expect(store.list('b')).toHaveLength(2);
    expect(store.byLabel('app', 'x')).toHaveLength(2);
  });

  test('is synced when all are', () => {
    expect(unionInformer([part('a', true).informer, part('b', false).informer]).synced).toBe(false);
    expect(unionInformer([part('a', true).informer, part('b', true).informer]).synced).toBe(true);
  });

  test('tells of changes in each until nobody listens', () => {
    const [a, b] = [part('a', true), part('b', true)];
    const seen: string[] = [];
    const stop = unionInformer([a.informer, b.informer]).subscribe(({ object }) =>
      seen.push(object.metadata.uid ?? ''),
    );
    a.add('x');
    b.add('y');
    stop();
    a.add('z');
    expect(seen).toEqual(['a-x', 'b-y']);
  });

  test('of nothing is a mistake', () => {
    expect(() => unionInformer([])).toThrow(/one at least/);
  });
});
