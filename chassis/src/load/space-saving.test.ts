import { seededRandom } from '@motif/kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY_BYTES, SpaceSaving } from './space-saving.ts';

function offer(sketch: SpaceSaving, key: string, amount = 1, tag = 0): void {
  const bytes = Buffer.from(`<${key}>`);
  sketch.offer(bytes, 1, bytes.length - 1, amount, tag);
}

const shown = (sketch: SpaceSaving, limit = 100) =>
  sketch.top(limit).map(({ key, count, error }) => [key.toString(), count, error]);

describe('a sketch of heavy keys', () => {
  it('counts exactly as long as there are counters', () => {
    const sketch = new SpaceSaving(4);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b', 'd']) offer(sketch, key);
    expect(shown(sketch, 2)).toEqual([
      ['a', 3, 0],
      ['b', 2, 0],
    ]);
    expect(sketch.total).toBe(7);
  });

  it('gives the smallest counter to a new key, with its count as the error', () => {
    const sketch = new SpaceSaving(2);
    for (const key of ['a', 'a', 'a', 'b', 'c']) offer(sketch, key);
    expect(shown(sketch)).toEqual([
      ['a', 3, 0],
      ['c', 2, 1],
    ]);
    offer(sketch, 'b');
    expect(shown(sketch)).toEqual([
      ['a', 3, 0],
      ['b', 3, 2],
    ]);
  });

  it('keeps the promises of the algorithm for any stream', () => {
    const key = fc.integer({ min: 0, max: 40 }).map((n) => `key-${Math.floor(n ** 2 / 40)}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.integer({ min: 1, max: 3 })), { maxLength: 400 }), (stream) => {
        const sketch = new SpaceSaving(8);
        const truth = new Map<string, number>();
        for (const [name, amount] of stream) {
          offer(sketch, name, amount);
          truth.set(name, (truth.get(name) ?? 0) + amount);
        }
        const total = [...truth.values()].reduce((sum, count) => sum + count, 0);
        const held = new Map(shown(sketch).map(([name, count, error]) => [name, [count, error] as [number, number]]));
        expect(sketch.total).toBe(total);
        expect([...held.values()].reduce((sum, [count]) => sum + count, 0)).toBe(total);
        for (const [name, [count, error]] of held) {
          const true_ = truth.get(name as string) ?? 0;
          expect(count).toBeGreaterThanOrEqual(true_);
          expect(count - error).toBeLessThanOrEqual(true_);
        }
        for (const [name, count] of truth) if (count > total / 8) expect(held.has(name)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('finds the heavy keys of a long tail', () => {
    const sketch = new SpaceSaving(256);
    const random = seededRandom(7);
    const heavy = ['one', 'two', 'three'];
    for (let i = 0; i < 60_000; i++) {
      const draw = random();
      offer(
        sketch,
        draw < 0.1 ? 'one' : draw < 0.16 ? 'two' : draw < 0.2 ? 'three' : `tail-${Math.floor(random() * 1e6)}`,
      );
    }
    expect(sketch.top(3).map(({ key }) => key.toString())).toEqual(heavy);
    for (const { count, error } of sketch.top(3)) expect(count - error).toBeGreaterThan(1500);
  });

  it('forgets what was long ago', () => {
    const sketch = new SpaceSaving(4);
    for (let i = 0; i < 100; i++) offer(sketch, 'old');
    for (let i = 0; i < 10; i++) sketch.decay(0.5);
    for (let i = 0; i < 3; i++) offer(sketch, 'new');
    expect(sketch.top(1)[0]?.key.toString()).toBe('new');
    expect(sketch.total).toBeCloseTo(3 + 100 / 1024);
  });

  it('keeps the beginning of a long key, tells long ones apart all the same, and remembers the last tag', () => {
    const sketch = new SpaceSaving(4);
    const long = 'x'.repeat(500);
    offer(sketch, `${long}1`, 1, 5);
    offer(sketch, `${long}2`, 3, 6);
    offer(sketch, `${long}2`, 1, 7);
    const [first, second] = sketch.top(4);
    expect(first).toMatchObject({ length: 501, count: 4, tag: 7 });
    expect(first?.key.toString()).toBe('x'.repeat(KEY_BYTES));
    expect(second).toMatchObject({ count: 1, tag: 5 });
  });
});
