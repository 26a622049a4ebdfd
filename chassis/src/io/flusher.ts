/** Something with bytes to write at the end of the event loop's turn. */
export interface Flushable {
  flush(): void;
}

/** How the flusher uses the event loop. */
export interface Turns {
  /** Runs a function after the reads of this turn (`setImmediate`). */
  readonly defer: (run: () => void) => void;
  /** Runs a function about a millisecond later; without it nothing is ever held back. */
  readonly later?: (run: () => void) => void;
  /** Milliseconds of the monotonic clock; goes with `later`. */
  readonly now?: () => number;
}

/** Bytes are held back at most so long, in milliseconds: the finest that timers of the runtime can do. */
const HOLD_MS = 1;

/**
 * One write a socket and turn: what was said in a turn is written once all sockets that were readable have been read. A
 * prototype without this took three to four times the CPU. Who expects more within the next turns may wait for it
 * (`hold`), at most about a millisecond.
 */
export class Flusher {
  readonly #turns: Turns;
  #waiting: Flushable[] = [];
  #held: Flushable[] = [];
  #spare: Flushable[] = [];
  #scheduled = false;
  #armed = false;
  /** When the first of the held ones may wait no longer. */
  #until = 0;
  /** Nobody may go on waiting: the time is up. */
  #due = false;
  readonly #run = (): void => this.flush();
  readonly #expire = (): void => {
    this.#armed = false;
    if (this.#held.length > 0) this.flush();
  };

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** `item` will be flushed at the end of the turn; the caller adds it once. */
  add(item: Flushable): void {
    this.#waiting.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#turns.defer(this.#run);
  }

  /**
   * Called from an item's `flush` that would rather wait for more.
   * @returns true: it will be flushed again, after the next turn that has something to flush or when its time is up; false: it
   * has to write now
   */
  hold(item: Flushable): boolean {
    const { later, now } = this.#turns;
    if (this.#due || later === undefined || now === undefined) return false;
    if (this.#held.length === 0 && this.#until === 0) this.#until = now() + HOLD_MS;
    this.#held.push(item);
    if (!this.#armed) {
      this.#armed = true;
      later(this.#expire);
    }
    return true;
  }

  flush(): void {
    this.#scheduled = false;
    const held = this.#held;
    if (held.length > 0) {
      this.#due = (this.#turns.now?.() ?? 0) >= this.#until;
      if (this.#due) this.#until = 0;
      this.#held = this.#take();
      run(held);
      this.#spare = held;
      this.#due = false;
    }
    if (this.#held.length === 0) this.#until = 0;
    const items = this.#waiting;
    this.#waiting = this.#take();
    run(items);
    this.#spare = items;
  }

  /** An empty list: the one that was used last, where there is one. */
  #take(): Flushable[] {
    const list = this.#spare;
    this.#spare = [];
    return list;
  }
}

function run(items: Flushable[]): void {
  for (let i = 0; i < items.length; i++) (items[i] as Flushable).flush();
  items.length = 0;
}
