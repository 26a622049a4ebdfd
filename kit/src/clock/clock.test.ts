import { describe, expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { FakeClock } from './fake-clock.ts';

describe('FakeClock', () => {
  test('fires timers in order of time, then of making, also those made while it advances', () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    clock.setTimeout(() => fired.push('b'), 20);
    clock.setTimeout(() => {
      fired.push('a');
      clock.setTimeout(() => fired.push('nested'), 5);
    }, 10);
    clock.setTimeout(() => fired.push('c'), 20);
    clock.setTimeout(() => fired.push('late'), 21);
    clock.advance(20);
    expect(fired).toEqual(['a', 'nested', 'b', 'c']);
    expect(clock.monotonic()).toBe(20);
    expect(clock.untilNext).toBe(1);
  });

  test('now and monotonic move together', () => {
    const clock = new FakeClock(1000);
    clock.advance(500);
    expect(clock.now()).toBe(1500);
    expect(clock.monotonic()).toBe(500);
  });

  test('a cleared timer does not fire', () => {
    const clock = new FakeClock();
    const timer = clock.setTimeout(() => expect.unreachable(), 1);
    clock.clearTimeout(timer);
    clock.advance(10);
    expect(clock.pending).toBe(0);
  });

  test('advanceAsync lets awaiting code make its next timer', async () => {
    const clock = new FakeClock();
    let rounds = 0;
    const loop = (async () => {
      for (; rounds < 3; rounds++) await clock.sleep(10);
    })();
    await clock.advanceAsync(30);
    await loop;
    expect(rounds).toBe(3);
  });
});

describe('sleep', () => {
  test('rejects with the reason of the signal and leaves no timer', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const slept = clock.sleep(1000, stop.signal);
    stop.abort(new Error('stopping'));
    await expect(slept).rejects.toThrow('stopping');
    expect(clock.pending).toBe(0);
    await expect(clock.sleep(1, stop.signal)).rejects.toThrow('stopping');
  });

  test('a delay beyond what Node.js can hold waits instead of firing at once', async () => {
    let fired = false;
    const timer = systemClock.setTimeout(() => {
      fired = true;
    }, 2 ** 40);
    await systemClock.sleep(5);
    systemClock.clearTimeout(timer);
    expect(fired).toBe(false);
  });
});
