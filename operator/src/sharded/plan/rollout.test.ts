import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planRollout, type RolloutShard } from './rollout.ts';

const shard = (index: number, form: RolloutShard['form'], over: Partial<RolloutShard> = {}): RolloutShard => ({
  index,
  form,
  settled: true,
  stuck: false,
  ...over,
});

describe('planRollout', () => {
  test('makes what is missing at once', () => {
    const plan = planRollout([0, 1, 2].map((index) => shard(index, 'Missing', { settled: false })));
    expect(plan).toMatchObject({ apply: [0, 1, 2], waiting: [], rolling: undefined });
  });

  test('restarts the lowest outdated shard when all are ready', () => {
    const plan = planRollout([shard(0, 'Outdated'), shard(1, 'Outdated'), shard(2, 'Outdated')]);
    expect(plan).toMatchObject({ apply: [0], waiting: [1, 2], rolling: 0 });
  });

  test('waits while the one before is on its way', () => {
    const plan = planRollout([shard(0, 'Current', { settled: false }), shard(1, 'Outdated'), shard(2, 'Outdated')]);
    expect(plan).toMatchObject({ apply: [0], waiting: [1, 2], rolling: 0, blockedBy: [0] });
  });

  test('is under way until the last shard is through, which a mere restart is not', () => {
    expect(planRollout([shard(0, 'Current'), shard(1, 'Current', { updating: true })]).rolling).toBe(1);
    expect(planRollout([shard(0, 'Current'), shard(1, 'Current', { settled: false })]).rolling).toBeUndefined();
  });

  test('waits while a shard is missing or leaving', () => {
    for (const form of ['Missing', 'Leaving'] as const) {
      expect(planRollout([shard(0, 'Outdated'), shard(1, form, { settled: false })]).apply).not.toContain(0);
    }
  });

  test('goes first to the only one that is not ready', () => {
    const plan = planRollout([shard(0, 'Outdated'), shard(1, 'Outdated', { settled: false }), shard(2, 'Outdated')]);
    expect(plan).toMatchObject({ apply: [1], waiting: [0, 2] });
  });

  test('restarts nothing while two are away for a reason that may pass', () => {
    const away = { settled: false };
    const plan = planRollout([shard(0, 'Outdated', away), shard(1, 'Outdated', away), shard(2, 'Outdated')]);
    expect(plan).toMatchObject({ apply: [], waiting: [0, 1, 2], blockedBy: [0, 1] });
  });

  test('mends all that are stuck, and nothing else', () => {
    const stuck = { settled: false, stuck: true };
    const plan = planRollout([shard(0, 'Outdated', stuck), shard(1, 'Outdated', stuck), shard(2, 'Outdated')]);
    expect(plan).toMatchObject({ apply: [0, 1], waiting: [2] });
  });

  test('lets stopped shards change freely', () => {
    expect(planRollout([shard(0, 'Stopped', { settled: false }), shard(1, 'Outdated')]).apply).toEqual([0, 1]);
  });

  const anyShard = fc.record({
    form: fc.constantFrom<RolloutShard['form']>('Missing', 'Leaving', 'Stopped', 'Current', 'Outdated'),
    settled: fc.boolean(),
    stuck: fc.boolean(),
  });

  test('never takes a running shard away while another one is away', () => {
    fc.assert(
      fc.property(fc.array(anyShard, { maxLength: 8 }), (shards) => {
        const list = shards.map((one, index) => ({ ...one, index, settled: one.settled && !one.stuck }));
        const { apply } = planRollout(list);
        const taken = list.filter(({ index, form, stuck }) => form === 'Outdated' && !stuck && apply.includes(index));
        const others = (index: number) => list.filter((one) => one.index !== index && one.form !== 'Stopped');
        expect(taken.length).toBeLessThanOrEqual(1);
        for (const { index } of taken) expect(others(index).every(({ settled }) => settled)).toBe(true);
      }),
    );
  });

  test('comes to an end: what is applied becomes current and ready, until nothing is outdated', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ stuck: fc.boolean() }), { minLength: 1, maxLength: 8 }), (shards) => {
        let list = shards.map(({ stuck }, index) => shard(index, 'Outdated', { stuck, settled: !stuck }));
        for (let pass = 0; pass <= shards.length; pass++) {
          const { apply } = planRollout(list);
          list = list.map((one) => (apply.includes(one.index) ? shard(one.index, 'Current') : one));
        }
        expect(list.filter(({ form }) => form === 'Outdated')).toEqual([]);
      }),
    );
  });
});
