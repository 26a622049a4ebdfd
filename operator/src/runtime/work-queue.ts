import { type BackoffOptions, backoffCeiling, type Clock, type TimerHandle } from '@motif/kit';
import { Heap } from './heap.ts';

/** `low` is for objects of a first list and of the resync: an edit of now does not wait behind ten thousand of them. */
export type Priority = 'normal' | 'low';

export interface AddOptions {
  /** Default: `normal`. A key that is queued already keeps the higher of the two. */
  readonly priority?: Priority | undefined;
  /** Not before this time (ms); a key that waits already keeps the earlier of the two times. Default: now. */
  readonly afterMs?: number | undefined;
}

/** A key that a worker has taken. */
export interface WorkItem {
  readonly key: string;
  readonly priority: Priority;
  /** Time (ms) between its being due and its being taken. */
  readonly queuedMs: number;
}

/** Told of what happens in the queue, for metrics. */
export interface QueueObserver {
  added(): void;
  retried(): void;
  depth(depth: number): void;
  started(queuedMs: number): void;
  finished(workMs: number): void;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Pauses after failures of one key in a row. Default: 5 ms, doubling to 5 min, as controller-runtime but for the cap. */
  readonly backoff?: BackoffOptions | undefined;
  readonly observer?: QueueObserver | undefined;
}

/** 5 ms, doubling to 5 min (16 failures on). */
export const QUEUE_BACKOFF: BackoffOptions = { baseMs: 5, capMs: 5 * 60_000 };

interface Entry {
  readonly key: string;
  priority: Priority;
  /** Monotonic time from which it may be taken. */
  dueAt: number;
  /** Order of arrival among equals. */
  order: number;
  /** Which heap counts on it; `none` once another entry has taken its place, or it was taken. */
  in: 'ready' | 'later' | 'none';
}

/**
 * Keys to work on.
 *
 * Guarantees: a key is with one worker at most; a key that is added while a worker has it comes again after `done`; keys that wait are there
 * once; a delayed add never postpones an earlier one.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #backoff: BackoffOptions;
  readonly #observer: QueueObserver | undefined;
  /** What waits, by key: in exactly one of the heaps. */
  readonly #waiting = new Map<string, Entry>();
  readonly #ready = new Heap<Entry>((a, b) => rank(a) < rank(b) || (rank(a) === rank(b) && a.order < b.order));
  readonly #later = new Heap<Entry>((a, b) => a.dueAt < b.dueAt);
  /** Keys with a worker, since when. */
  readonly #active = new Map<string, number>();
  /** Adds that came while a worker had the key. */
  readonly #dirty = new Map<string, Entry>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((item: WorkItem | undefined) => void)[] = [];
  #timer: { handle: TimerHandle; at: number } | undefined;
  #order = 0;
  /** Entries of the ready heap that count. */
  #readyCount = 0;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#backoff = options.backoff ?? QUEUE_BACKOFF;
    this.#observer = options.observer;
  }

  /** Keys that may be taken now. */
  get depth(): number {
    this.#promote(this.#clock.monotonic());
    return this.#readyCount;
  }

  /** Monotonic times at which the keys now with workers were taken. */
  get activeSince(): readonly number[] {
    return [...this.#active.values()];
  }

  add(key: string, options: AddOptions = {}): void {
    if (this.#closed) return;
    const { priority = 'normal', afterMs = 0 } = options;
    const dueAt = this.#clock.monotonic() + Math.max(0, afterMs);
    const entry: Entry = { key, priority, dueAt, order: this.#order++, in: 'none' };
    this.#observer?.added();
    if (this.#active.has(key)) this.#dirty.set(key, earlier(this.#dirty.get(key), entry));
    else this.#enqueue(entry);
    this.#dispatch();
  }

  /** The next key; undefined once the queue is closed. */
  take(): Promise<WorkItem | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#dispatch();
    });
  }

  /** Gives a key back; a worker must do so for every key it has taken. */
  done(key: string): void {
    const since = this.#active.get(key);
    if (since === undefined) throw new TypeError(`${key} is with no worker`);
    this.#active.delete(key);
    this.#observer?.finished(this.#clock.monotonic() - since);
    const dirty = this.#dirty.get(key);
    this.#dirty.delete(key);
    if (dirty !== undefined && !this.#closed) this.#enqueue(dirty);
    this.#dispatch();
  }

  /** Adds a key again after the pause that its failures in a row call for. Returns that pause (ms). */
  retry(key: string, priority: Priority = 'normal'): number {
    const failures = this.failures(key);
    this.#failures.set(key, failures + 1);
    const afterMs = backoffCeiling(failures, this.#backoff);
    this.#observer?.retried();
    this.add(key, { afterMs, priority });
    return afterMs;
  }

  /** Failures of a key in a row. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** The key has no failures any more. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** No key is given out any more; those with workers are finished by them. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer.handle);
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #enqueue(entry: Entry): void {
    const waiting = this.#waiting.get(entry.key);
    const winner = earlier(waiting, entry);
    if (winner === waiting) return;
    if (waiting !== undefined) this.#leave(waiting);
    this.#waiting.set(entry.key, winner);
    if (winner.dueAt <= this.#clock.monotonic()) this.#makeReady(winner);
    else {
      winner.in = 'later';
      this.#later.push(winner);
    }
    // Entries that lost their place stay in the heap until they come to its top: not more of them than of the others.
    if (this.#later.size > 2 * this.#waiting.size + 64) this.#later.retain((one) => one.in === 'later');
  }

  #makeReady(entry: Entry): void {
    entry.in = 'ready';
    this.#ready.push(entry);
    this.#readyCount++;
  }

  #leave(entry: Entry): void {
    if (entry.in === 'ready') this.#readyCount--;
    entry.in = 'none';
  }

  /** Moves what has come due to the heap that workers are served from. */
  #promote(now: number): void {
    for (let next = this.#later.peek(); next !== undefined; next = this.#later.peek()) {
      if (next.in === 'later' && next.dueAt > now) break;
      this.#later.pop();
      if (next.in === 'later') this.#makeReady(next);
    }
  }

  #dispatch(): void {
    const now = this.#clock.monotonic();
    this.#promote(now);
    while (this.#takers.length > 0) {
      const entry = this.#ready.pop();
      if (entry === undefined) break;
      if (entry.in === 'ready') this.#hand(entry, now);
    }
    this.#observer?.depth(this.#readyCount);
    this.#arm();
  }

  #hand(entry: Entry, now: number): void {
    this.#leave(entry);
    this.#waiting.delete(entry.key);
    this.#active.set(entry.key, now);
    const queuedMs = now - entry.dueAt;
    this.#observer?.started(queuedMs);
    this.#takers.shift()?.({ key: entry.key, priority: entry.priority, queuedMs });
  }

  /** One timer, for the entry that is due first. */
  #arm(): void {
    const at = this.#closed ? undefined : this.#later.peek()?.dueAt;
    if (at === this.#timer?.at) return;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer.handle);
    this.#timer = undefined;
    if (at === undefined) return;
    const fire = () => {
      this.#timer = undefined;
      this.#dispatch();
    };
    this.#timer = { at, handle: this.#clock.setTimeout(fire, Math.max(0, at - this.#clock.monotonic())) };
  }
}

const rank = (entry: Entry): number => (entry.priority === 'normal' ? 0 : 1);

/** Of two adds of one key: the first when it is at least as early and as important, else one that is both. */
function earlier(known: Entry | undefined, added: Entry): Entry {
  if (known === undefined) return added;
  if (known.dueAt <= added.dueAt && rank(known) <= rank(added)) return known;
  const dueAt = Math.min(known.dueAt, added.dueAt);
  const priority = rank(known) <= rank(added) ? known.priority : added.priority;
  return { key: added.key, priority, dueAt, order: known.order, in: 'none' };
}
