import { expect, it } from 'vitest';
import { Flusher } from './flusher.ts';

it('flushes everything of a turn in one go, in order, and what is added meanwhile in the next', () => {
  const turns: (() => void)[] = [];
  const flusher = new Flusher((run) => turns.push(run));
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
