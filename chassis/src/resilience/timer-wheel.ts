import type { Clock, TimerHandle } from '@motif/kit';

/** A time-out that can be started, stopped and started again without allocating; belongs to one wheel at a time. */
export class WheelTimer {
  readonly fire: () => void;
  /** Neighbours in the slot's ring, and the tick it is due at; the wheel's own. */
  previous: WheelTimer | undefined;
  next: WheelTimer | undefined;
  due = 0;

  constructor(fire: () => void) {
    this.fire = fire;
  }

  get running(): boolean {
    return this.next !== undefined;
  }
}

/** A power of two, so that the slot of a tick is a mask away. */
const SLOTS = 512;

/**
 * Coarse time-outs by the ten thousand: starting and stopping one is a few pointer writes, and one timer of the clock serves all. A time-out
 * of `ms` fires after `ms` at the earliest and one tick later at the latest (more when the event loop is late).
 * Source: Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987, scheme 6.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #slots: WheelTimer[] = Array.from({ length: SLOTS }, () => ring());
  readonly #origin: number;
  #tick = 0;
  #running = 0;
  #handle: TimerHandle | undefined;

  /** @param tickMs how coarse: 50 ms unless told */
  constructor(clock: Clock, tickMs = 50) {
    this.#clock = clock;
    this.#tickMs = tickMs;
    this.#origin = clock.monotonic();
  }

  /** How many time-outs run. */
  get size(): number {
    return this.#running;
  }

  /** Starts the time-out, anew if it runs already. */
  start(timer: WheelTimer, ms: number): void {
    this.stop(timer);
    const now = this.#elapsedTicks();
    // An idle wheel does not turn: it takes up from now.
    if (this.#running === 0) this.#tick = Math.floor(now);
    timer.due = Math.max(Math.ceil(now + ms / this.#tickMs), this.#tick + 1);
    const head = this.#slots[timer.due & (SLOTS - 1)] as WheelTimer;
    timer.previous = head.previous;
    timer.next = head;
    (head.previous as WheelTimer).next = timer;
    head.previous = timer;
    this.#running++;
    if (this.#handle === undefined) this.#arm();
  }

  /** Stops the time-out; nothing happens if it does not run. */
  stop(timer: WheelTimer): void {
    if (timer.next === undefined || timer.previous === undefined) return;
    timer.previous.next = timer.next;
    timer.next.previous = timer.previous;
    timer.next = undefined;
    timer.previous = undefined;
    this.#running--;
  }

  #elapsedTicks(): number {
    return (this.#clock.monotonic() - this.#origin) / this.#tickMs;
  }

  #arm(): void {
    const until = (this.#tick + 1) * this.#tickMs - (this.#clock.monotonic() - this.#origin);
    this.#handle = this.#clock.setTimeout(() => this.#turn(), until);
  }

  #turn(): void {
    this.#handle = undefined;
    // Timers of the system may come a fraction early: the half tick keeps that from costing a whole one.
    const reached = Math.floor(this.#elapsedTicks() + 1e-3);
    while (this.#tick < reached && this.#running > 0) {
      this.#tick++;
      this.#expire(this.#slots[this.#tick & (SLOTS - 1)] as WheelTimer);
    }
    if (this.#running > 0 && this.#handle === undefined) this.#arm();
  }

  #expire(head: WheelTimer): void {
    for (let timer = head.next as WheelTimer; timer !== head; ) {
      const { next } = timer;
      if (timer.due > this.#tick) {
        // Of a later round of the wheel.
        timer = next as WheelTimer;
        continue;
      }
      this.stop(timer);
      timer.fire();
      // What fired may have started or stopped any timer of this slot: begin again rather than follow a stale neighbour.
      timer = head.next as WheelTimer;
    }
  }
}

function ring(): WheelTimer {
  const head = new WheelTimer(() => {});
  head.previous = head;
  head.next = head;
  return head;
}
