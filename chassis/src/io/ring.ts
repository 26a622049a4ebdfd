/** A first-in, first-out queue over one array whose size is a power of two: nothing is allocated while it does not grow. */
export class Ring<T> {
  #items: (T | undefined)[];
  #mask: number;
  #head = 0;
  length = 0;

  constructor(capacity = 16) {
    this.#items = new Array<T | undefined>(capacity).fill(undefined);
    this.#mask = capacity - 1;
  }

  push(item: T): void {
    if (this.length > this.#mask) this.#grow();
    this.#items[(this.#head + this.length++) & this.#mask] = item;
  }

  /** The oldest item; undefined when the ring is empty. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** The item `index` places behind the oldest. */
  at(index: number): T | undefined {
    return index < this.length ? this.#items[(this.#head + index) & this.#mask] : undefined;
  }

  /** Puts `item` in the place of the one `index` places behind the oldest. */
  replace(index: number, item: T): void {
    if (index < this.length) this.#items[(this.#head + index) & this.#mask] = item;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.length--;
    return item;
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2;
    const items = new Array<T | undefined>(size).fill(undefined);
    for (let i = 0; i < this.length; i++) items[i] = this.#items[(this.#head + i) & this.#mask];
    this.#items = items;
    this.#mask = size - 1;
    this.#head = 0;
  }
}
