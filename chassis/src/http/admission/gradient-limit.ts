import type { ConcurrencyLimit } from './limits.ts';

export interface GradientOptions {
  /** The limit never falls below; 1 or more. */
  readonly min: number;
  readonly initial: number;
  /** The limit never grows above. */
  readonly max: number;
}

/** What a shard has unless told otherwise. The least is where a machine that is busy with other things sheds nobody, who would only wait. */
export const GRADIENT_LIMIT: GradientOptions = { min: 64, initial: 256, max: 1024 };

/** Samples are put together for this long, in milliseconds, and until there are enough of them. */
const WINDOW_MS = 250;
const ENOUGH = 10;

/** Latency may be this much above its usual before the limit shrinks: answers differ in size and work. */
const TOLERANCE = 1.5;

/** How much of the way to a smaller limit one window goes: single spikes do little. */
const SMOOTHING = 0.2;

/** The usual latency follows new windows by these shares: within seconds while there is room, within ten minutes under pressure. */
const FOLLOW = 1 / 60;
const FOLLOW_PRESSED = 1 / 2400;

/** Once a smaller limit is this part of what it was, it is asked whether that helped. */
const HALVED = 0.5;

/** A window with time-outs shrinks the limit by at least this factor, as TCP does on loss. */
const TIMED_OUT = 0.9;

/**
 * A limit that follows latency: while answers take as long as usual and the limit is used, it grows by its square root; when they take longer,
 * because requests queue up behind the limit, it shrinks by the ratio. Follows Gradient2 of Netflix's concurrency-limits, with four
 * changes: it grows only while there is no sign of queueing (their pull request 134 shows the drift otherwise); the usual latency hardly
 * rises while the limit is under pressure (or a long overload would become the usual); when halving the limit has not brought latency
 * down, the reason is not here, and the new latency is the usual (or a slow database would have good requests shed); and time-outs shrink
 * it. Envoy's way, measuring the least latency by letting almost nothing through for a while, was not taken: it sheds good requests.
 */
export class GradientLimit implements ConcurrencyLimit {
  readonly #options: GradientOptions;
  #limit: number;
  #usual = 0;
  #windowStart = Number.NaN;
  #count = 0;
  #sum = 0;
  #most = 0;
  #timedOut = false;
  #windowMs = WINDOW_MS;
  /** The limit when it began to shrink, 0 while it does not, and the worst latency since. */
  #shrunkFrom = 0;
  #worst = 0;

  constructor(options: GradientOptions = GRADIENT_LIMIT) {
    this.#options = options;
    this.#limit = options.initial;
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** The usual latency in milliseconds; 0 while nothing is known. */
  get usualMs(): number {
    return this.#usual;
  }

  sample(now: number, latencyMs: number, inFlight: number, ok: boolean): void {
    if (Number.isNaN(this.#windowStart)) this.#windowStart = now;
    this.#count++;
    this.#sum += latencyMs;
    if (inFlight > this.#most) this.#most = inFlight;
    if (!ok) this.#timedOut = true;
    if (this.#count >= ENOUGH && now - this.#windowStart >= this.#windowMs) this.#turn();
  }

  #turn(): void {
    // Below a tenth of a millisecond differences are the clock's and the event loop's.
    const latency = Math.max(this.#sum / this.#count, 0.1);
    const pressed = this.#most >= this.#limit / 2;
    const timedOut = this.#timedOut;
    const most = this.#most;
    this.#windowStart = Number.NaN;
    this.#count = 0;
    this.#sum = 0;
    this.#most = 0;
    this.#timedOut = false;
    // Long enough that what the next window sees was sent under the limit that this one sets.
    this.#windowMs = Math.max(WINDOW_MS, latency);
    this.#learn(latency, pressed);
    const gradient = Math.min(1, Math.max(0.5, (TOLERANCE * this.#usual) / latency));
    if (gradient < 1 || timedOut) this.#slow(latency, gradient, timedOut, pressed, most);
    else {
      this.#shrunkFrom = 0;
      // Unused it grows back to what it started with, so that a bad hour is not held against the next good one.
      if (pressed || this.#limit < this.#options.initial) this.#set(this.#limit + Math.sqrt(this.#limit));
    }
  }

  #slow(latency: number, gradient: number, timedOut: boolean, pressed: boolean, most: number): void {
    if (pressed) this.#shrink(latency, gradient, timedOut);
    else {
      this.#shrunkFrom = 0;
      // So far above what is under way it can do nothing: it comes down to where it is felt, which sheds nobody yet. With little under
      // way latency is no sign of load.
      if (most >= this.#options.min) this.#set(2 * most);
    }
  }

  #shrink(latency: number, gradient: number, timedOut: boolean): void {
    if (this.#shrunkFrom === 0) {
      this.#shrunkFrom = this.#limit;
      this.#worst = 0;
    }
    if (latency > this.#worst) this.#worst = latency;
    const left = this.#limit / this.#shrunkFrom;
    // What queues behind the limit would take about `left` of the worst by now (Little's law).
    if (left <= HALVED && latency > (this.#worst * (1 + left)) / 2) {
      this.#usual = latency;
      this.#shrunkFrom = 0;
      return;
    }
    const factor = 1 - SMOOTHING * (1 - gradient);
    this.#set(this.#limit * (timedOut ? Math.min(TIMED_OUT, factor) : factor));
  }

  #learn(latency: number, pressed: boolean): void {
    if (this.#usual === 0) this.#usual = latency;
    // After a long overload: back to what is usual, faster than the average would go.
    else if (this.#usual > 2 * latency) this.#usual *= 0.9;
    else this.#usual += (latency - this.#usual) * (pressed && latency > this.#usual ? FOLLOW_PRESSED : FOLLOW);
  }

  #set(limit: number): void {
    this.#limit = Math.min(this.#options.max, Math.max(this.#options.min, limit));
  }
}
