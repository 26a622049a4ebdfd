import type { Informer, KubeObject, StoreReader } from '@motif/kube';

/**
 * One informer over several, each of another namespace: where the operator serves some namespaces only, it may not list them all at once.
 * @param parts one or more, all of one resource
 */
export function unionInformer<T extends KubeObject>(parts: readonly Informer<T>[]): Informer<T> {
  const [first] = parts;
  if (first === undefined) throw new TypeError('a union of informers needs one at least');
  return {
    resource: first.resource,
    store: new UnionStore(parts),
    get synced() {
      return parts.every(({ synced }) => synced);
    },
    get suspicion() {
      return parts.find(({ suspicion }) => suspicion !== undefined)?.suspicion;
    },
    subscribe(handler) {
      const stops = parts.map((part) => part.subscribe(handler));
      return () => {
        for (const stop of stops) stop();
      };
    },
    async run(signal) {
      await Promise.all(parts.map((part) => part.run(signal)));
    },
    async waitForSync(signal) {
      await Promise.all(parts.map((part) => part.waitForSync(signal)));
    },
    resync() {
      for (const part of parts) part.resync();
    },
  };
}

class UnionStore<T extends KubeObject> implements StoreReader<T> {
  readonly #parts: readonly Informer<T>[];

  constructor(parts: readonly Informer<T>[]) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#parts.reduce((sum, { store }) => sum + store.size, 0);
  }

  get(key: string): T | undefined {
    return this.#first((store) => store.get(key));
  }

  getByUid(uid: string): T | undefined {
    return this.#first((store) => store.getByUid(uid));
  }

  list(namespace?: string): T[] {
    return this.#parts.flatMap(({ store }) => store.list(namespace));
  }

  byOwner(uid: string): T[] {
    return this.#parts.flatMap(({ store }) => store.byOwner(uid));
  }

  byLabel(label: string, value: string): T[] {
    return this.#parts.flatMap(({ store }) => store.byLabel(label, value));
  }

  byIndex(index: string, value: string): T[] {
    return this.#parts.flatMap(({ store }) => store.byIndex(index, value));
  }

  #first(find: (store: StoreReader<T>) => T | undefined): T | undefined {
    for (const { store } of this.#parts) {
      const found = find(store);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
