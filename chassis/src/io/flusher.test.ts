import { expect, it } from 'vitest';
import { Flusher } from './flusher.ts';

it('flushes everything of a turn in one go, in order, and what is added meanwhile in the next', () => {
  const turns: (() => void)[] = [];
  const flusher = new Flusher({ defer: (run) => turns.push(run) });
  const done: string[] = [];
  const late = { flush: () => done.push('late') };
  flusher.add({ flush: () => done.push('a') });
  flusher.add({
    flush: () => {
      done.push('b');
      flusher.add(late);
    },
  });
  expect([done, turns.length]).toEqual([[], 1]);
  turns.shift()?.();
  expect([done, turns.length]).toEqual([['a', 'b'], 1]);
  turns.shift()?.();
  expect([done, turns.length]).toEqual([['a', 'b', 'late'], 0]);
  flusher.add(late);
  turns.shift()?.();
  expect(done).toEqual(['a', 'b', 'late', 'late']);
});

/** A flusher whose clock and timers the test moves. */
function timed() {
  const state = { now: 0, turns: [] as (() => void)[], timers: [] as (() => void)[] };
  const flusher = new Flusher({
    defer: (run) => state.turns.push(run),
    later: (run) => state.timers.push(run),
    now: () => state.now,
  });
  return { ...state, state, flusher };
}

/** Writes when it may not wait any longer, or when nothing more is to come. */
class Waiting {
  more = true;
  written = 0;
  readonly #flusher: Flusher;
  constructor(flusher: Flusher) {
    this.#flusher = flusher;
  }
  flush(): void {
    if (this.more && this.#flusher.hold(this)) return;
    this.written++;
  }
}

it('asks again whoever waits at the end of the next turn that has something to flush', () => {
  const { flusher, turns, timers } = timed();
  const waiting = new Waiting(flusher);
  flusher.add(waiting);
  turns.shift()?.();
  expect([waiting.written, turns.length, timers.length]).toEqual([0, 0, 1]);
  waiting.more = false;
  flusher.add({ flush: () => {} });
  turns.shift()?.();
  expect(waiting.written).toBe(1);
  timers.shift()?.();
  expect(waiting.written).toBe(1);
});

it('lets nobody wait longer than a millisecond, with or without further turns', () => {
  const { flusher, turns, timers, state } = timed();
  const waiting = new Waiting(flusher);
  flusher.add(waiting);
  turns.shift()?.();
  state.now = 0.9;
  flusher.add({ flush: () => {} });
  turns.shift()?.();
  expect(waiting.written).toBe(0);
  state.now = 1;
  flusher.add({ flush: () => {} });
  turns.shift()?.();
  expect(waiting.written).toBe(1);
  flusher.add(waiting);
  turns.shift()?.();
  state.now = 2.1;
  timers.shift()?.();
  expect([waiting.written, turns.length]).toEqual([2, 0]);
});

it('holds nothing back where it has no timers', () => {
  const turns: (() => void)[] = [];
  const flusher = new Flusher({ defer: (run) => turns.push(run) });
  const waiting = new Waiting(flusher);
  flusher.add(waiting);
  turns.shift()?.();
  expect(waiting.written).toBe(1);
});
