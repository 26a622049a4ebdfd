import { seededRandom } from '@motif/kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GRADIENT_LIMIT, GradientLimit } from './gradient-limit.ts';
import { FixedLimit } from './limits.ts';
import { mean, simulate } from './testing/simulate.ts';

/** Ten workers of 10 ms: 1000 requests per second at most; 600 come, and from the tenth second on 2000. */
const overload = {
  workers: 10,
  serviceMs: () => 10,
  rate: (now: number) => (now < 10_000 ? 600 : 2000),
  forMs: 40_000,
};

/** A small shard's: the effect shows. */
const tight = () => new GradientLimit({ ...GRADIENT_LIMIT, min: 16 });

describe('GradientLimit', () => {
  it('in an overload keeps latency near its usual and the shard busy', () => {
    const seconds = simulate({ ...overload, limit: tight(), random: seededRandom(1) });
    expect(mean(seconds, 'shed', 0, 10)).toBe(0);
    expect(mean(seconds, 'answered', 15, 40)).toBeGreaterThan(900);
    expect(mean(seconds, 'latencyMs', 15, 40)).toBeLessThan(30);
    // The same without it: whoever is answered has waited for seconds.
    const off = simulate({ ...overload, limit: new FixedLimit(1e6), random: seededRandom(1) });
    expect(mean(off, 'latencyMs', 35, 40)).toBeGreaterThan(5000);
  });

  it('does not take a long overload for the usual', () => {
    const seconds = simulate({ ...overload, forMs: 100_000, limit: tight(), random: seededRandom(2) });
    expect(mean(seconds, 'latencyMs', 90, 100)).toBeLessThan(40);
  });

  it('grows where it is used and latency stays', () => {
    const limit = new GradientLimit();
    const rate = (now: number) => 5000 + now / 2;
    simulate({ limit, random: seededRandom(3), workers: 5000, serviceMs: () => 20, rate, forMs: 20_000 });
    expect(limit.limit).toBeGreaterThan(1.5 * GRADIENT_LIMIT.initial);
  });

  it('does not shed for a slowness that fewer requests do not mend', () => {
    const slow = (now: number) => (now < 10_000 ? 10 : 100);
    const seconds = simulate({
      limit: new GradientLimit(),
      random: seededRandom(4),
      workers: 1000,
      serviceMs: slow,
      rate: () => 1000,
      forMs: 40_000,
    });
    expect(mean(seconds, 'shed', 25, 40)).toBeLessThan(20);
    expect(mean(seconds, 'answered', 25, 40)).toBeGreaterThan(960);
  });

  it('comes back after an overload', () => {
    const rate = (now: number) => (now < 5000 || now > 20_000 ? 700 : 3000);
    const seconds = simulate({ ...overload, rate, limit: tight(), random: seededRandom(5) });
    expect(mean(seconds, 'shed', 25, 40)).toBeLessThan(5);
  });

  it('does not hold one bad while against the next good one, though nobody asks for much meanwhile', () => {
    const rate = (now: number) => (now < 5000 ? 600 : now < 20_000 ? 2000 : 100);
    const seconds = simulate({ ...overload, rate, limit: tight(), random: seededRandom(6) });
    expect(mean(seconds, 'limit', 17, 20)).toBeLessThan(64);
    expect(mean(seconds, 'limit', 38, 40)).toBeGreaterThanOrEqual(GRADIENT_LIMIT.initial);
  });

  it('leaves a service with little under way alone, however its latency varies', () => {
    const random = seededRandom(6);
    const limit = new GradientLimit();
    simulate({ limit, random, workers: 100, serviceMs: () => 200 * random() ** 4, rate: () => 100, forMs: 20_000 });
    expect(limit.limit).toBe(GRADIENT_LIMIT.initial);
  });

  it('shrinks while requests time out under pressure, however fast the others are', () => {
    const limit = new GradientLimit({ min: 4, initial: 100, max: 100 });
    for (let now = 0; now < 10_000; now += 10) limit.sample(now, 5, 100, now % 100 !== 0);
    expect(limit.limit).toBeLessThan(60);
  });

  it('whatever it sees, stays within its bounds', () => {
    const sample = fc.record({
      after: fc.double({ min: 0, max: 1000, noNaN: true }),
      latency: fc.double({ min: 0, max: 60_000, noNaN: true }),
      inFlight: fc.nat(2000),
      ok: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 500 }), (samples) => {
        const limit = new GradientLimit({ min: 3, initial: 10, max: 50 });
        let now = 0;
        for (const { after, latency, inFlight, ok } of samples) {
          now += after;
          limit.sample(now, latency, inFlight, ok);
          expect(limit.limit).toBeGreaterThanOrEqual(3);
          expect(limit.limit).toBeLessThanOrEqual(50);
          expect(Number.isInteger(limit.limit)).toBe(true);
        }
      }),
    );
  });
});
