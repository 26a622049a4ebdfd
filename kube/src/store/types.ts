import type { KubeObject } from '../object.ts';

/** A change of a store. `initial` marks objects of the first list and of relists that turned out unchanged in nothing but version. */
export type StoreEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'added'; readonly object: T; readonly initial: boolean }
  | { readonly type: 'updated'; readonly object: T; readonly previous: T; readonly initial: boolean }
  /** `object` is the last state known; it may be older than the state at deletion. */
  | { readonly type: 'deleted'; readonly object: T; readonly initial: boolean };

/** Names the values under which an object is found: `index.shard(pod) -> ['cart-0']`. */
export type Indexers<T extends KubeObject> = Readonly<Record<string, (object: T) => readonly string[]>>;

/**
 * What reconcilers read instead of asking the API server.
 * Objects are shared: never change them. Answers are as old as the watch: the last write of one's own may be missing (see `OwnWrites`).
 */
export interface StoreReader<T extends KubeObject = KubeObject> {
  /** By `namespace/name` (`keyOf`). */
  get(key: string): T | undefined;
  getByUid(uid: string): T | undefined;
  /** All of a namespace, or all; order not defined. */
  list(namespace?: string): T[];
  /** Objects with an owner reference of this uid (controller or not). */
  byOwner(uid: string): T[];
  /** Objects with this label value; `label` must be one of the store's indexed labels, else `TypeError`. */
  byLabel(label: string, value: string): T[];
  /** Objects under `value` of one of the store's indexers, else `TypeError`. */
  byIndex(index: string, value: string): T[];
  readonly size: number;
}
