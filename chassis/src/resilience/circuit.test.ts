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
