import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission, type Waiter } from './admission.ts';
import { FixedLimit } from './limits.ts';

/** A waiter that writes down what becomes of it. */
class Noted implements Waiter {
  readonly name: string;
  readonly log: string[];

  constructor(name: string, log: string[]) {
    this.name = name;
    this.log = log;
  }

  admitted(): void {
    this.log.push(`${this.name} admitted`);
  }

  shed(): void {
    this.log.push(`${this.name} shed`);
  }
}

function scene(
  limit: number,
  queueLength: number,
): { admission: Admission; log: string[]; add: (name: string, now: number) => Noted } {
  const admission = new Admission({ limit: new FixedLimit(limit), queueLength, queueAgeMs: 100 });
  const log: string[] = [];
  const add = (name: string, now: number) => {
    const waiter = new Noted(name, log);
    if (admission.tryEnter()) waiter.admitted();
    else if (!admission.wait(waiter, now)) waiter.shed();
    return waiter;
  };
  return { admission, log, add };
}

describe('Admission', () => {
  it('admits up to its limit, then the newest that waits', () => {
    const { admission, log, add } = scene(1, 3);
    for (const name of ['a', 'b', 'c']) add(name, 0);
    expect([admission.inFlight, admission.queued]).toEqual([1, 2]);
    admission.leave(1, 1, true);
    admission.leave(2, 1, true);
    expect(log).toEqual(['a admitted', 'c admitted', 'b admitted']);
  });

  it('sheds the oldest of a full queue, and at once where nobody may wait', () => {
    const { admission, log, add } = scene(1, 2);
    for (const name of ['a', 'b', 'c', 'd']) add(name, 0);
    expect(log).toEqual(['a admitted', 'b shed']);
    expect(admission.shed).toBe(1);
    const strict = scene(1, 0);
    for (const name of ['a', 'b']) strict.add(name, 0);
    expect(strict.log).toEqual(['a admitted', 'b shed']);
  });

  it('sheds those that waited too long, when asked and before it would admit them', () => {
    const { admission, log, add } = scene(1, 9);
    for (const [at, name] of ['a', 'b', 'c', 'd'].entries()) add(name, at * 50);
    admission.expire(150);
    expect(log).toEqual(['a admitted']);
    admission.expire(151);
    expect(log).toEqual(['a admitted', 'b shed']);
    admission.leave(250, 1, true);
    expect(log.slice(2)).toEqual(['d admitted']);
    admission.leave(351, 1, true);
    expect(log.slice(3)).toEqual(['c shed']);
    expect([admission.inFlight, admission.queued, admission.shed]).toEqual([0, 0, 2]);
  });

  it('forgets whose client is gone', () => {
    const { admission, log, add } = scene(1, 9);
    add('a', 0);
    const gone = add('b', 0);
    admission.cancel(gone);
    admission.cancel(gone);
    admission.leave(1, 1, true);
    admission.expire(1000);
    expect(log).toEqual(['a admitted']);
  });

  it('samples what says something about load, with what was under way', () => {
    const samples: unknown[][] = [];
    const limit = { limit: 2, sample: (...sample: unknown[]) => void samples.push(sample) };
    const admission = new Admission({ limit, queueLength: 1, queueAgeMs: 100 });
    admission.tryEnter();
    admission.tryEnter();
    admission.leave(5, 4, true);
    admission.leave(6, -1, true);
    expect(samples).toEqual([[5, 4, 2, true]]);
  });

  it('whatever happens: never above its limits, and each is admitted or shed exactly once unless it was cancelled', () => {
    const step = fc.record({
      what: fc.constantFrom('add', 'leave', 'cancel', 'expire'),
      after: fc.nat(60),
      n: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const { admission, log, add } = scene(3, 4);
        const added: Noted[] = [];
        const cancelled = new Set<string>();
        let now = 0;
        for (const { what, after, n } of steps) {
          now += after;
          if (what === 'add') added.push(add(`w${added.length}`, now));
          else if (what === 'leave' && admission.inFlight > 0) admission.leave(now, 1, true);
          else if (what === 'expire') admission.expire(now);
          else if (what === 'cancel' && added.length > 0) {
            const waiter = added[n % added.length] as Noted;
            const before = admission.queued;
            admission.cancel(waiter);
            if (admission.queued < before) cancelled.add(waiter.name);
          }
          expect(admission.inFlight).toBeLessThanOrEqual(3);
          expect(admission.queued).toBeLessThanOrEqual(4);
          // Nobody waits while there is room.
          expect(admission.queued === 0 || admission.inFlight === 3).toBe(true);
        }
        while (admission.inFlight > 0) admission.leave(now, 1, true);
        const told = new Set(log.map((line) => line.split(' ')[0]));
        expect(log).toHaveLength(told.size);
        expect(told.size + cancelled.size).toBe(added.length);
      }),
    );
  });
});
