import { FakeClock } from '@motif/kit/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimerWheel, WheelTimer } from './timer-wheel.ts';

test('each started time-out fires once, not early and at most a tick late; a stopped one never', () => {
  const action = fc.record({
    timer: fc.nat(9),
    ms: fc.oneof(fc.nat(300), fc.nat(60_000)),
    stop: fc.boolean(),
    wait: fc.nat(2000),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const clock = new FakeClock();
      const wheel = new TimerWheel(clock, 50);
      const due = new Map<number, number>();
      const timers = Array.from({ length: 10 }, (_, i) => {
        return new WheelTimer(() => {
          const expected = due.get(i) ?? expect.unreachable(`timer ${i} was not running`);
          expect(clock.monotonic()).toBeGreaterThanOrEqual(expected);
          expect(clock.monotonic()).toBeLessThanOrEqual(expected + 50);
          due.delete(i);
        });
      });
      for (const { timer, ms, stop, wait } of actions) {
        const chosen = timers[timer] as WheelTimer;
        if (stop) {
          wheel.stop(chosen);
          due.delete(timer);
        } else {
          wheel.start(chosen, ms);
          due.set(timer, clock.monotonic() + ms);
        }
        clock.advance(wait);
        for (const expected of due.values()) expect(expected + 50).toBeGreaterThanOrEqual(clock.monotonic());
        expect(wheel.size).toBe(due.size);
      }
      clock.advance(70_000);
      expect(due.size).toBe(0);
      // An idle wheel keeps no timer of the clock.
      expect(clock.pending).toBe(0);
    }),
  );
});

test('what fires may start and stop others of the same moment', () => {
  const clock = new FakeClock();
  const wheel = new TimerWheel(clock, 10);
  const fired: string[] = [];
  const second = new WheelTimer(() => fired.push('second'));
  const third = new WheelTimer(() => fired.push('third'));
  const again = new WheelTimer(() => fired.push('again'));
  const first = new WheelTimer(() => {
    fired.push('first');
    wheel.stop(second);
    wheel.start(again, 10);
  });
  for (const timer of [first, second, third]) wheel.start(timer, 10);
  clock.advance(10);
  expect(fired).toEqual(['first', 'third']);
  clock.advance(10);
  expect(fired).toEqual(['first', 'third', 'again']);
});

test('a blocked event loop makes time-outs late, never lost', () => {
  const fake = new FakeClock();
  let blockedFor = 0;
  const clock = {
    monotonic: () => fake.monotonic() + blockedFor,
    now: () => fake.now(),
    setTimeout: (fn: () => void, ms: number) => fake.setTimeout(fn, ms),
    clearTimeout: (timer: object) => fake.clearTimeout(timer),
    sleep: (ms: number) => fake.sleep(ms),
  };
  const wheel = new TimerWheel(clock, 10);
  let fired = 0;
  for (const ms of [10, 500, 9000]) wheel.start(new WheelTimer(() => fired++), ms);
  blockedFor = 20_000;
  fake.advance(10);
  expect(fired).toBe(3);
  expect(fake.pending).toBe(0);
});
