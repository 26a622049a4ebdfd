/** From a value to the set of keys filed under it; empty sets are dropped, so that memory follows what is there. */
export class MultiMap {
  readonly #sets = new Map<string, Set<string>>();

  add(value: string, key: string): void {
    const set = this.#sets.get(value);
    if (set === undefined) this.#sets.set(value, new Set([key]));
    else set.add(key);
  }

  remove(value: string, key: string): void {
    const set = this.#sets.get(value);
    if (set?.delete(key) && set.size === 0) this.#sets.delete(value);
  }

  get(value: string): ReadonlySet<string> {
    return this.#sets.get(value) ?? NOTHING;
  }

  get size(): number {
    return this.#sets.size;
  }
}

const NOTHING: ReadonlySet<string> = new Set();
