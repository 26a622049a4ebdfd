import { FakeClock } from '@motif/kit/testing';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type WorkItem, WorkQueue } from './work-queue.ts';

let clock: FakeClock;
let queue: WorkQueue;

beforeEach(() => {
  clock = new FakeClock();
  queue = new WorkQueue({ clock });
});

/** Takes what may be taken now, leaving it with the worker. */
async function takeAll(): Promise<string[]> {
  const keys: string[] = [];
  while (queue.depth > 0) keys.push((await queue.take())?.key ?? '');
  return keys;
}

describe('WorkQueue', () => {
  test('gives a key out once however often it was added', async () => {
    for (const key of ['a', 'b', 'a']) queue.add(key);
    expect(await takeAll()).toEqual(['a', 'b']);
  });

  test('keeps a key from a second worker and gives it out again when it was added meanwhile', async () => {
    queue.add('a');
    await queue.take();
    queue.add('a');
    queue.add('a');
    expect(queue.depth).toBe(0);
    queue.done('a');
    expect(await takeAll()).toEqual(['a']);
    queue.done('a');
    expect(queue.depth).toBe(0);
  });

  test('hands a key to a worker that waits', async () => {
    const taken = queue.take();
    queue.add('a');
    expect((await taken)?.key).toBe('a');
  });

  test('prefers what changed now to what a list brought, and a key keeps the higher of its priorities', async () => {
    for (const key of ['old1', 'old2']) queue.add(key, { priority: 'low' });
    queue.add('new');
    queue.add('old2');
    queue.add('new', { priority: 'low' });
    expect(await takeAll()).toEqual(['old2', 'new', 'old1']);
  });

  test('of two delays the earlier wins, whichever came first', async () => {
    queue.add('a', { afterMs: 1000 });
    queue.add('a', { afterMs: 5000 });
    queue.add('b', { afterMs: 5000 });
    queue.add('b', { afterMs: 1000 });
    clock.advance(999);
    expect(queue.depth).toBe(0);
    const taken = queue.take();
    clock.advance(1);
    expect((await taken)?.key).toBe('a');
    expect(await takeAll()).toEqual(['b']);
    queue.done('a');
    queue.done('b');
    clock.advance(10_000);
    expect(queue.depth).toBe(0);
  });

  test('backs off from 5 ms to 5 min for each key apart, until it is forgotten', async () => {
    const pauses: number[] = [];
    for (let i = 0; i < 18; i++) {
      pauses.push(queue.retry('a'));
      clock.advance(pauses.at(-1) ?? 0);
      expect(await takeAll()).toEqual(['a']);
      queue.done('a');
    }
    expect(pauses.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(pauses.slice(-2)).toEqual([300_000, 300_000]);
    expect(queue.failures('b')).toBe(0);
    queue.forget('a');
    expect(queue.retry('a')).toBe(5);
  });

  test('lets workers go when it is closed, and takes nothing more', async () => {
    const waiting = queue.take();
    queue.close();
    queue.add('a');
    expect(await waiting).toBeUndefined();
    expect(await queue.take()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test('ten thousand objects of a first list cost little time, and delays that were overtaken little memory', async () => {
    const began = performance.now();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10_000; i++) queue.add(`key-${i}`, { priority: 'low', afterMs: 3_600_000 - round });
    }
    for (let i = 0; i < 10_000; i++) queue.add(`key-${i}`, { priority: 'low' });
    expect(queue.depth).toBe(10_000);
    for (let i = 0; i < 10_000; i++) await queue.take();
    expect(queue.depth).toBe(0);
    // The bound is for a noisy machine: what it keeps out is work that grows with the square.
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(clock.pending).toBe(0);
  });

  test('giving back a key that no worker has is a fault of the caller', () => {
    expect(() => queue.done('a')).toThrow(/a is with no worker/);
  });
});

test('property: no key is with two workers, every add is followed by a pass that starts after it, and nothing is left over', async () => {
  const action = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      key: fc.constantFrom('a', 'b', 'c'),
      afterMs: fc.nat(50),
      low: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('finish' as const), fails: fc.boolean() }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(40) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
      clock = new FakeClock();
      queue = new WorkQueue({ clock });
      const withWorkers: string[] = [];
      const owed = new Set<string>();
      const start = (item: WorkItem | undefined) => {
        if (item === undefined) return;
        expect(withWorkers).not.toContain(item.key);
        withWorkers.push(item.key);
        owed.delete(item.key);
      };
      for (let worker = 0; worker < 2; worker++) void queue.take().then(start);
      for (const one of actions) {
        if (one.kind === 'pass') await clock.advanceAsync(one.ms);
        else if (one.kind === 'add') {
          owed.add(one.key);
          queue.add(one.key, { afterMs: one.afterMs, priority: one.low ? 'low' : 'normal' });
        } else {
          const key = withWorkers.shift();
          if (key === undefined) continue;
          if (one.fails) queue.retry(key);
          else queue.forget(key);
          queue.done(key);
          void queue.take().then(start);
        }
        await clock.advanceAsync(0);
      }
      for (let round = 0; round < 200 && (owed.size > 0 || withWorkers.length > 0); round++) {
        const key = withWorkers.shift();
        if (key !== undefined) {
          queue.done(key);
          void queue.take().then(start);
        }
        await clock.advanceAsync(50);
      }
      expect([...owed]).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
