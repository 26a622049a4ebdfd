import { seededRandom, silentLogger } from '@motif/kit';
import { FakeClock } from '@motif/kit/testing';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { LeaderElector } from './leader.ts';
import { LeaseApi } from './testing/lease-api.ts';
import { SkewedClock } from './testing/skewed-clock.ts';

let clock: FakeClock;
let api: LeaseApi;

beforeEach(() => {
  clock = new FakeClock();
  api = new LeaseApi();
});

function elector(identity: string, own: SkewedClock | FakeClock = clock): LeaderElector {
  return new LeaderElector({
    client: api.client(own),
    clock: own,
    random: seededRandom(identity.length),
    logger: silentLogger(),
    namespace: 'motif',
    name: 'operator',
    identity,
  });
}

const never = new AbortController().signal;

describe('LeaderElector', () => {
  test('the first leads, the second waits, and takes over at once when the lease is given back', async () => {
    const [a, b] = [elector('a'), elector('b')];
    await Promise.all([a.acquire(never), clock.advanceAsync(100)]);
    let second = false;
    const waiting = b.acquire(never).then(() => {
      second = true;
    });
    const ended = new AbortController();
    const holding = a.hold(ended.signal);
    await clock.advanceAsync(60_000);
    expect([a.leads, b.leads, second]).toEqual([true, false, false]);
    ended.abort();
    await Promise.all([holding, clock.advanceAsync(10)]);
    await Promise.all([a.release(), clock.advanceAsync(100)]);
    expect(a.leads).toBe(false);
    await Promise.all([waiting, clock.advanceAsync(3_000)]);
    expect(b.leads).toBe(true);
    expect(a.lost.aborted).toBe(false);
  });

  test('stops at the renew deadline, to the millisecond, when the API server is away', async () => {
    const a = elector('a');
    const since = clock.monotonic();
    await Promise.all([a.acquire(never), clock.advanceAsync(20)]);
    const held = a.hold(never).catch((error: unknown) => error);
    api.behaviour.loseRequest = true;
    await clock.advanceAsync(since + 9_999 - clock.monotonic());
    expect(a.leads).toBe(true);
    await clock.advanceAsync(2);
    expect([a.leads, a.lost.aborted]).toEqual([false, true]);
    expect(await held).toMatchObject({ code: 'LeadershipLost' });
  });

  test('a process that was stopped for longer than the deadline knows it at once, before any timer fires', async () => {
    const own = new SkewedClock(clock, 1, 0);
    const a = elector('a', own);
    await Promise.all([a.acquire(never), clock.advanceAsync(100)]);
    a.hold(never).catch(() => {});
    own.pause();
    await clock.advanceAsync(20_000);
    expect(a.leads).toBe(false);
    own.resume();
    await clock.advanceAsync(5_000);
    expect(a.lost.aborted).toBe(true);
  });

  test('an answer that was lost costs no leadership: the lease is read again and renewed', async () => {
    const a = elector('a');
    await Promise.all([a.acquire(never), clock.advanceAsync(100)]);
    a.hold(never).catch(() => {});
    api.behaviour.loseAnswer = true;
    await clock.advanceAsync(2_500);
    api.behaviour.loseAnswer = false;
    await clock.advanceAsync(30_000);
    expect(a.leads).toBe(true);
    expect(api.lease?.spec).toMatchObject({ leaseTransitions: 0, leaseDurationSeconds: 15 });
  });

  test('times that could let two lead are refused', () => {
    const options = { client: api.client(clock), clock, random: () => 0, logger: silentLogger() };
    const names = { namespace: 'motif', name: 'operator', identity: 'a' };
    expect(() => new LeaderElector({ ...options, ...names, times: { renewDeadlineMs: 15_000 } })).toThrow(/must grow/);
  });
});

interface Candidate {
  readonly own: SkewedClock;
  elector: LeaderElector;
}

test('property: never two leaders, with stopped processes, skewed clocks and a failing API server; and one again once all is well', async () => {
  const event = fc.record({
    kind: fc.constantFrom('pause', 'resume', 'fail', 'slow', 'deaf', 'heal', 'stop'),
    who: fc.nat(2),
    forMs: fc.integer({ min: 100, max: 20_000 }),
  });
  const rate = fc.double({ min: 0.85, max: 1.15, noNaN: true });
  const rates = fc.tuple(rate, rate, rate);
  await fc.assert(
    fc.asyncProperty(rates, fc.array(event, { minLength: 1, maxLength: 15 }), async (speeds, events) => {
      clock = new FakeClock();
      api = new LeaseApi();
      let made = 0;
      const candidates = speeds.map((speed, index): Candidate => {
        const own = new SkewedClock(clock, speed, index * 1e9);
        return { own, elector: elector('none', own) };
      });
      // Each candidate is a process that its supervisor starts again after a loss, as Kubernetes does.
      const end = new AbortController();
      const live = async (candidate: Candidate) => {
        while (!end.signal.aborted) {
          candidate.elector = elector(`process-${++made}`, candidate.own);
          await candidate.elector.acquire(end.signal);
          await candidate.elector.hold(end.signal).catch(() => {});
        }
      };
      const lives = candidates.map((candidate) => live(candidate).catch(() => {}));
      const leaders = () => candidates.filter((candidate) => candidate.elector.leads).length;
      const pass = async (ms: number) => {
        for (let passed = 0; passed < ms; passed += 500) {
          await clock.advanceAsync(500);
          expect(leaders()).toBeLessThanOrEqual(1);
        }
      };
      for (const { kind, who, forMs } of events) {
        if (kind === 'pause') candidates[who]?.own.pause();
        if (kind === 'resume') candidates[who]?.own.resume();
        if (kind === 'fail') api.behaviour = { delayMs: 5, loseRequest: true, loseAnswer: false };
        if (kind === 'deaf') api.behaviour = { delayMs: 5, loseRequest: false, loseAnswer: true };
        if (kind === 'slow') api.behaviour = { delayMs: forMs / 4, loseRequest: false, loseAnswer: false };
        if (kind === 'heal') api.behaviour = { delayMs: 5, loseRequest: false, loseAnswer: false };
        await pass(forMs);
      }
      api.behaviour = { delayMs: 5, loseRequest: false, loseAnswer: false };
      for (const { own } of candidates) own.resume();
      await pass(45_000);
      expect(leaders()).toBe(1);
      end.abort();
      for (let i = 0; i < 4; i++) await clock.advanceAsync(5_000);
      await Promise.all(lives);
    }),
    { numRuns: 40 },
  );
}, 60_000);
