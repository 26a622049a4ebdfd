import { seededRandom } from '@motif/kit/testing';
import { describe, expect, it } from 'vitest';
import { newSpanId, newTraceId } from './ids.ts';
import { samplerOf } from './sampler.ts';

const random = seededRandom(11);
const ids = Array.from({ length: 4000 }, () => newTraceId(random));

describe('samplers', () => {
  it.each([
    ['always_on', true, true, true],
    ['always_off', false, false, false],
    ['parentbased_always_on', true, true, false],
    ['parentbased_always_off', false, true, false],
  ] as const)('%s', (name, root, underSampled, underUnsampled) => {
    const sampler = samplerOf(name, 0.5);
    const id = ids[0] as string;
    expect([sampler(id, undefined), sampler(id, true), sampler(id, false)]).toEqual([
      root,
      underSampled,
      underUnsampled,
    ]);
  });

  it.each([0, 0.01, 0.25, 1])('by ratio %d record that part, and the same traces everywhere', (ratio) => {
    const sampler = samplerOf('traceidratio', ratio);
    const part = ids.filter((id) => sampler(id, undefined)).length / ids.length;
    expect(Math.abs(part - ratio)).toBeLessThan(0.02);
    const more = samplerOf('traceidratio', Math.min(1, ratio * 2));
    expect(ids.filter((id) => sampler(id, undefined) && !more(id, undefined))).toEqual([]);
    expect(ids.every((id) => sampler(id, true) === sampler(id, false))).toBe(true);
    expect(samplerOf('parentbased_traceidratio', 0)(ids[0] as string, true)).toBe(true);
  });
});

describe('ids', () => {
  it('are hex of the right length, and never the one that means none', () => {
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(newTraceId(() => 0)).toBe(`${'0'.repeat(31)}1`);
    expect(newSpanId(() => 0)).toBe(`${'0'.repeat(15)}1`);
    expect(newSpanId(() => 1 - 2 ** -53)).toBe('f'.repeat(16));
  });
});
