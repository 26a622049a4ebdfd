import { expect, test } from 'vitest';
import { caseOf, inTurn, roundLine, sampled } from './rounds.ts';

test('who begins changes from round to round, and each has its turn', async () => {
  const order: string[] = [];
  const measureOne = async (side: string): Promise<number> => order.push(side);
  const found = await inTurn(0, ['a', 'b', 'c'], measureOne);
  await inTurn(1, ['a', 'b', 'c'], measureOne);
  await inTurn(5, ['a', 'b', 'c'], measureOne);
  expect(order.join('')).toBe('abcbcacab');
  expect(found).toEqual({ a: 1, b: 2, c: 3 });
});

test('CPU time is divided by operations, and by the time that the load says it took', async () => {
  const sample = await sampled(process.pid, async () => {
    const end = performance.now() + 100;
    while (performance.now() < end);
    return { operations: 1000, rate: 500 };
  });
  expect(sample.rate).toBe(500);
  expect(sample.microseconds).toBeGreaterThan(0);
  // 1,000 operations at 500 a second are two seconds.
  expect(sample.busy).toBeCloseTo((sample.microseconds * 1000) / 2e6);
});

const sample = (microseconds: number, busy: number) => ({ microseconds, busy, rate: 1000 * busy, waited: 0.1 });

test('a case has the ratio to the peer, and medians of every side', () => {
  const rounds = [1, 2, 3].map((i) => ({ ours: sample(10 * i, 0.96), peer: sample(20, 0.5), other: sample(i, 0.9) }));
  expect(caseOf(rounds, ['ours', 'peer', 'other'])).toEqual({
    ours: 20,
    peer: 20,
    ratio: 1,
    min: 0.67,
    max: 2,
    busy: { ours: 0.96, peer: 0.5, other: 0.9 },
    waited: { ours: 0.1, peer: 0.1, other: 0.1 },
    rate: { ours: 960, peer: undefined, other: undefined },
  });
  expect(roundLine(rounds[0]!)).toBe(
    'ours 10.00 µs (96 % busy, 960/s), peer 20.00 µs (50 % busy, 500/s), other 1.00 µs (90 % busy, 900/s), ratio 2.00',
  );
});
