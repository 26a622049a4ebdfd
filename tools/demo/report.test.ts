import { describe, expect, it } from 'vitest';
import { loadLines, spreadLines } from './report.ts';

describe('what the demo prints', () => {
  it('shows the spread with shares and the largest over the mean', () => {
    const lines = spreadLines(
      new Map([
        ['cart-0', 300],
        ['cart-1', 500],
        ['cart-2', 400],
      ]),
    );
    expect(lines[1]).toMatch(/^cart-1\s+500 keys\s+41\.7 %\s+#{30}$/);
    expect(lines.at(-1)).toBe('largest share over the mean: 1.250');
  });

  it('has no ratio to show where there are no keys', () => {
    expect(spreadLines(new Map([['cart-0', 0]]))).toHaveLength(1);
  });

  it('shows errors by shard with the texts that the client saw', () => {
    const ok = { shard: 'cart-0', error: undefined, milliseconds: 3 };
    const bad = { shard: 'cart-1', error: 'ERR shard cart-1 is not reachable', milliseconds: 999.6 };
    expect(loadLines([ok, bad, ok, bad])).toEqual([
      'cart-0       2 commands      0 errors  slowest 3 ms',
      'cart-1       2 commands      2 errors  slowest 1000 ms',
      '          2 × ERR shard cart-1 is not reachable',
    ]);
  });
});
