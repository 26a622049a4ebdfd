import { type KubeObject, keyOf } from '../object.ts';
import { MultiMap } from './multimap.ts';
import type { Indexers, StoreEvent, StoreReader } from './types.ts';

/** What a store is indexed by beside key, uid, namespace and owner. */
export interface StoreOptions<T extends KubeObject> {
  /** Labels that `byLabel` answers for. */
  readonly labels?: readonly string[] | undefined;
  readonly indexers?: Indexers<T> | undefined;
}

const OWNER = 'owner';
const NAMESPACE = 'namespace';

/**
 * The last known state of one resource, indexed.
 *
 * Invariants: one object a key; each index holds exactly the keys of the objects that are there. Every change is one synchronous step,
 * so that a reader never sees half of a list.
 */
export class Store<T extends KubeObject = KubeObject> implements StoreReader<T> {
  readonly #objects = new Map<string, T>();
  readonly #keyByUid = new Map<string, string>();
  readonly #indexers = new Map<string, (object: T) => readonly string[]>();
  readonly #indices = new Map<string, MultiMap>();

  constructor(options: StoreOptions<T> = {}) {
    this.#addIndex(`:${OWNER}`, (object) => object.metadata.ownerReferences?.map((owner) => owner.uid) ?? []);
    this.#addIndex(`:${NAMESPACE}`, (object) => [object.metadata.namespace ?? '']);
    for (const label of options.labels ?? []) {
      this.#addIndex(`label:${label}`, (object) => asList(object.metadata.labels?.[label]));
    }
    for (const [name, indexer] of Object.entries(options.indexers ?? {})) this.#addIndex(`index:${name}`, indexer);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  getByUid(uid: string): T | undefined {
    const key = this.#keyByUid.get(uid);
    return key === undefined ? undefined : this.#objects.get(key);
  }

  list(namespace?: string): T[] {
    return namespace === undefined ? [...this.#objects.values()] : this.#find(`:${NAMESPACE}`, namespace);
  }

  byOwner(uid: string): T[] {
    return this.#find(`:${OWNER}`, uid);
  }

  byLabel(label: string, value: string): T[] {
    return this.#find(`label:${label}`, value);
  }

  byIndex(index: string, value: string): T[] {
    return this.#find(`index:${index}`, value);
  }

  /** Takes in one object; an object of the same key but another uid is reported as deleted first. */
  apply(object: T, initial = false): StoreEvent<T>[] {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (previous === undefined) {
      this.#put(key, object);
      return [{ type: 'added', object, initial }];
    }
    if (previous.metadata.uid !== object.metadata.uid) {
      this.#drop(key, previous);
      this.#put(key, object);
      return [
        { type: 'deleted', object: previous, initial },
        { type: 'added', object, initial },
      ];
    }
    if (previous.metadata.resourceVersion === object.metadata.resourceVersion) return [];
    this.#drop(key, previous);
    this.#put(key, object);
    return [{ type: 'updated', object, previous, initial }];
  }

  /** Takes one object out; nothing happens where the key is taken by an object of another uid already. */
  remove(object: T): StoreEvent<T>[] {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (previous === undefined || previous.metadata.uid !== object.metadata.uid) return [];
    this.#drop(key, previous);
    // The event's object is the state at deletion (with its last labels and version).
    return [{ type: 'deleted', object, initial: false }];
  }

  /** Makes the store equal to a complete list. Deletions come first, then the rest in the list's order. */
  replace(objects: readonly T[]): StoreEvent<T>[] {
    const uids = new Map<string, string | undefined>();
    for (const object of objects) uids.set(keyOf(object), object.metadata.uid);
    const events: StoreEvent<T>[] = [];
    for (const [key, previous] of this.#objects) {
      if (uids.has(key) && uids.get(key) === previous.metadata.uid) continue;
      this.#drop(key, previous);
      events.push({ type: 'deleted', object: previous, initial: true });
    }
    for (const object of objects) events.push(...this.apply(object, true));
    return events;
  }

  #put(key: string, object: T): void {
    this.#objects.set(key, object);
    if (object.metadata.uid !== undefined) this.#keyByUid.set(object.metadata.uid, key);
    for (const [name, indexer] of this.#indexers) {
      for (const value of indexer(object)) this.#indices.get(name)?.add(value, key);
    }
  }

  #drop(key: string, object: T): void {
    this.#objects.delete(key);
    if (object.metadata.uid !== undefined) this.#keyByUid.delete(object.metadata.uid);
    for (const [name, indexer] of this.#indexers) {
      for (const value of indexer(object)) this.#indices.get(name)?.remove(value, key);
    }
  }

  #addIndex(name: string, indexer: (object: T) => readonly string[]): void {
    this.#indexers.set(name, indexer);
    this.#indices.set(name, new MultiMap());
  }

  #find(name: string, value: string): T[] {
    const index = this.#indices.get(name);
    if (index === undefined) {
      throw new TypeError(`the store has no index ${name}; it has ${[...this.#indices.keys()].join(', ')}`);
    }
    const found: T[] = [];
    for (const key of index.get(value)) {
      const object = this.#objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }
}

function asList(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}
