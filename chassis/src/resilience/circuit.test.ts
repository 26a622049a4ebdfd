import { seededRandom } from '@motif/kit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Circuit } from './circuit.ts';

const options = { ejectAfter: 3, retryAfterMs: 5000, maxRetryMs: 60_000 };

describe('Circuit', () => {
  test('opens at the third failure in a row, not at three with a success between', () => {
    const circuit = new Circuit(options, seededRandom(1));
    expect([circuit.failure(0), circuit.failure(0), circuit.success()]).toEqual([false, false, false]);
    expect([circuit.failure(0), circuit.failure(0), circuit.failure(0)]).toEqual([false, false, true]);
    expect(circuit.open).toBe(true);
  });

  test('lets one probe through when it is due, and closes when that succeeds', () => {
    const circuit = new Circuit({ ...options, ejectAfter: 1 }, seededRandom(1));
    circuit.failure(1000);
    expect(circuit.probeAt).toBeGreaterThanOrEqual(4750);
    expect(circuit.probeAt).toBeLessThanOrEqual(6000);
    expect(circuit.admit(circuit.probeAt - 1)).toBe(false);
    expect([circuit.admit(circuit.probeAt), circuit.admit(circuit.probeAt)]).toEqual([true, false]);
    circuit.abandon();
    expect(circuit.admit(circuit.probeAt)).toBe(true);
    expect(circuit.success()).toBe(true);
    expect(circuit.admit(0)).toBe(true);
  });

  test('failed probes double the wait up to the longest', () => {
    const circuit = new Circuit({ ...options, ejectAfter: 1 }, () => 0.999_999);
    const waits: number[] = [];
    let now = 0;
    circuit.failure(now);
    for (let probe = 0; probe < 6; probe++) {
      waits.push(Math.round((circuit.probeAt - now) / 100) / 10);
      now = circuit.probeAt;
      circuit.admit(now);
      circuit.failure(now);
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  });

  test('late failures of what was sent before it opened do not put the probe off', () => {
    const circuit = new Circuit({ ...options, ejectAfter: 1 }, seededRandom(1));
    circuit.failure(0);
    const due = circuit.probeAt;
    circuit.failure(4000);
    expect(circuit.probeAt).toBe(due);
  });

  test('whatever happens: open exactly after enough failures in a row, at most one probe at a time, waits within bounds', () => {
    const step = fc.record({ what: fc.constantFrom('success', 'failure', 'admit'), after: fc.nat(70_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.integer(), (steps, seed) => {
        const circuit = new Circuit(options, seededRandom(seed));
        let now = 0;
        let inRow = 0;
        let probing = false;
        for (const { what, after } of steps) {
          now += after;
          if (what === 'admit') {
            const wasOpen = circuit.open;
            const admitted = circuit.admit(now);
            expect(admitted).toBe(!wasOpen || (!probing && now >= circuit.probeAt));
            probing ||= wasOpen && admitted;
            continue;
          }
          inRow = what === 'success' ? 0 : inRow + 1;
          const changed = what === 'success' ? circuit.success() : circuit.failure(now);
          if (changed || probing) expect(circuit.open ? circuit.probeAt - now : 3750).toBeGreaterThanOrEqual(3750);
          expect(circuit.probeAt - now).toBeLessThanOrEqual(60_000);
          expect(circuit.open).toBe(inRow >= options.ejectAfter);
          probing = false;
        }
      }),
    );
  });
});

describe('the recovery of a circuit', () => {
  const recovering = { ...options, ejectAfter: 1, recoverMs: 1000 };

  /** Opened at 0 and closed again by its first probe, with the share of requests that got through by tenths of the recovery. */
  function sharesOf(circuit: Circuit, inFlight: number): number[] {
    circuit.failure(0);
    const from = circuit.probeAt;
    circuit.admit(from);
    circuit.success();
    return Array.from({ length: 11 }, (_, tenth) => {
      let admitted = 0;
      for (let i = 0; i < 2000; i++) if (circuit.admit(from + tenth * 100, inFlight)) admitted++;
      return admitted / 2000;
    });
  }

  test('lets through a tenth at first, more and more, and all at the end', () => {
    const shares = sharesOf(new Circuit(recovering, seededRandom(2)), 10);
    for (const [tenth, share] of shares.entries()) expect(Math.abs(share - (0.1 + 0.09 * tenth))).toBeLessThan(0.04);
    expect(shares.at(-1)).toBe(1);
  });

  test('does not refuse what is light', () => {
    expect(sharesOf(new Circuit(recovering, seededRandom(2)), 1)).toEqual(Array.from({ length: 11 }, () => 1));
  });

  test('opening again meanwhile, it waits longer than before; after a whole recovery as at first', () => {
    const circuit = new Circuit(recovering, () => 0.999_999);
    const waits: number[] = [];
    let now = 0;
    for (const pause of [0, 500, 500, 1500]) {
      if (now > 0) circuit.admit(now);
      circuit.success();
      circuit.admit(now);
      now += pause;
      circuit.share(now);
      circuit.failure(now);
      waits.push(Math.round(circuit.probeAt - now));
      now = circuit.probeAt;
    }
    expect(waits).toEqual([5000, 10_000, 20_000, 5000]);
  });

  test('callers that wait for a dead server do not come back all at once', () => {
    const circuit = new Circuit(recovering, seededRandom(3));
    circuit.failure(0);
    const back = circuit.probeAt;
    const admitted = new Map<number, number>();
    // 1000 requests/s that take 20 ms each; the first is the probe.
    const ends: number[] = [];
    for (let now = back; now < back + 2000; now++) {
      while (ends.length > 0 && (ends[0] as number) <= now) {
        ends.shift();
        circuit.success();
      }
      if (!circuit.admit(now, ends.length)) continue;
      ends.push(now + 20);
      const tenth = Math.floor((now - back) / 100);
      admitted.set(tenth, (admitted.get(tenth) ?? 0) + 1);
    }
    expect(admitted.get(0)).toBeLessThan(40);
    expect(admitted.get(5)).toBeLessThan(85);
    expect(admitted.get(15)).toBe(100);
  });
});
