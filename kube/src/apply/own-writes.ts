import { type KubeObject, keyOf } from '../object.ts';

/**
 * Remembers the outcome of our last write of each object until the cache has caught up, so that nobody acts on a cache that is older
 * than what we wrote ourselves (controller-runtime's known hole, issue 3320; KEP-5647).
 */
export class OwnWrites {
  readonly #written = new Map<string, KubeObject>();

  /** Takes note of what a write answered. */
  record(object: KubeObject): void {
    const id = idOf(object);
    this.#written.delete(id);
    this.#written.set(id, object);
    // What the cache never shows (deleted before it was seen) would stay for ever; a Map's first key is its oldest.
    const oldest = this.#written.keys().next();
    if (this.#written.size > MAX_WRITES && !oldest.done) this.#written.delete(oldest.value);
  }

  /** Takes note that an object of this kind and key is gone. */
  forget(object: Pick<KubeObject, 'kind' | 'metadata'>): void {
    this.#written.delete(idOf(object));
  }

  /** The newer of the cached object and our own last write; the memory ends where the cache is as new. */
  newest<T extends KubeObject>(cached: T): T {
    const id = idOf(cached);
    const written = this.#written.get(id);
    if (written === undefined) return cached;
    if (written.metadata.uid === cached.metadata.uid && isNewer(written, cached)) return written as T;
    this.#written.delete(id);
    return cached;
  }

  /** Our own write of an object that the cache does not have yet. */
  pending(kind: string, key: string): KubeObject | undefined {
    return this.#written.get(`${kind} ${key}`);
  }

  get size(): number {
    return this.#written.size;
  }
}

/** Writes remembered at most: many times what is in flight at once. */
const MAX_WRITES = 5_000;

const idOf = (object: Pick<KubeObject, 'kind' | 'metadata'>) => `${object.kind} ${keyOf(object)}`;

/** Versions are opaque by contract, decimal in etcd, and comparable by KEP-5505: the longer number is the larger. */
export function isNewer(left: KubeObject, right: KubeObject): boolean {
  const [a, b] = [left.metadata.resourceVersion ?? '', right.metadata.resourceVersion ?? ''];
  return a.length === b.length ? a > b : a.length > b.length;
}
