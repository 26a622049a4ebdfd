import { describe, expect, test } from 'vitest';
import { judgeSharding } from './sharding.ts';

const claim = (fingerprint: string, owned: boolean) => ({
  index: 0,
  fingerprint,
  source: 'claim data-cart-0-0',
  owned,
});

describe('judgeSharding', () => {
  test('starts over nothing, and over data of the same placement', () => {
    expect(judgeSharding([], 'a', false).kind).toBe('Matches');
    expect(judgeSharding([claim('a', false)], 'a', false).kind).toBe('Matches');
  });

  test('stops over data of another placement that somebody left behind, and names it', () => {
    const verdict = judgeSharding([claim('b', false)], 'a', false);
    expect(verdict).toMatchObject({ kind: 'Mismatch', message: expect.stringContaining('claim data-cart-0-0') });
  });

  test('goes on under Remap, and where the data is its own', () => {
    expect(judgeSharding([claim('b', false)], 'a', true).kind).toBe('Matches');
    expect(judgeSharding([claim('b', true)], 'a', false).kind).toBe('Matches');
  });
});
