import { seededRandom } from '@motif/kit/testing';
import { describe, expect, it } from 'vitest';
import { Hedge, isUsable } from './hedge.ts';

/** Answers of 5 to 15 ms, one in fifty of 500; as the client sees them, with the second requests made. */
function run(hedge: Hedge | undefined, requests: number, slowShare: number): { latencies: number[]; second: number } {
  const random = seededRandom(1);
  const answer = () => (random() < slowShare ? 500 : 5 + 10 * random());
  const latencies: number[] = [];
  let second = 0;
  for (let i = 0; i < requests; i++) {
    const first = answer();
    const delay = hedge?.request() ?? -1;
    let seen = first;
    if (delay >= 0 && first > delay && hedge?.trySpend()) {
      second++;
      seen = Math.min(first, delay + answer());
    }
    // The first is cancelled when the second is there.
    hedge?.record(Math.min(first, seen));
    latencies.push(seen);
  }
  return { latencies: latencies.toSorted((a, b) => a - b), second };
}

const p99 = (sorted: readonly number[]) => sorted[Math.ceil(sorted.length * 0.99) - 1] as number;

describe('Hedge', () => {
  it('cuts the tail within its budget', () => {
    expect(p99(run(undefined, 10_000, 0.02).latencies)).toBe(500);
    const hedged = run(new Hedge({ afterPercentile: 95, budgetPercent: 5 }), 10_000, 0.02);
    expect(p99(hedged.latencies)).toBeLessThan(40);
    expect(hedged.second).toBeGreaterThan(200);
    expect(hedged.second).toBeLessThanOrEqual(501);
  });

  it('does not double the load of a shard that is slow as a whole', () => {
    const hedge = new Hedge({ afterPercentile: 95, budgetPercent: 5 });
    run(hedge, 1000, 0);
    expect(run(hedge, 1000, 1).second).toBeLessThanOrEqual(60);
  });

  it('asks nobody twice before it knows what is slow', () => {
    const hedge = new Hedge({ afterPercentile: 95, budgetPercent: 5 });
    for (let i = 0; i < 99; i++) {
      expect(hedge.request()).toBe(-1);
      hedge.record(0.1);
    }
    hedge.record(0.1);
    expect(hedge.request()).toBe(1);
  });

  it('waits for the other replica when one says that it does not work', () => {
    expect([200, 404, 500, 501, 505].every(isUsable)).toBe(true);
    expect([502, 503, 504].some(isUsable)).toBe(false);
  });
});
