import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextPartition, planReplicas, type Replica, type SeveralShard } from './replica-rollout.ts';

const old: Replica = { updated: false, ready: true, settled: true, stuck: false };
const fresh: Replica = { ...old, updated: true };
const starting: Replica = { updated: true, ready: false, settled: false, stuck: false };
const away: Replica = { ...starting, updated: false };
const stuck: Replica = { ...away, stuck: true };
const broken: Replica = { ...starting, stuck: true };

const shard = (index: number, replicas: readonly Replica[], over: Partial<SeveralShard> = {}): SeveralShard => ({
  index,
  outdated: false,
  seen: true,
  rolled: true,
  partition: 0,
  replicas,
  ...over,
});
const outdated = (index: number, replicas: readonly Replica[] = [old, old]) =>
  shard(index, replicas, { outdated: true });

describe('nextPartition', () => {
  const next = (replicas: readonly Replica[], partition = replicas.length, goes = true) =>
    nextPartition({ replicas, partition }, goes);

  test('lets the highest go first, then the one below it once that is back', () => {
    expect(next([old, old, old])).toBe(2);
    expect(next([old, old, starting], 2)).toBe(2);
    expect(next([old, old, { ...fresh, settled: false }], 2)).toBe(2);
    expect(next([old, old, fresh], 2)).toBe(1);
    expect(next([fresh, fresh, fresh], 0)).toBe(0);
  });

  test('takes nothing that is ready while another one is away', () => {
    expect(next([away, old])).toBe(2);
    expect(next([old, away])).toBe(1);
    expect(next([old, old], 2, false)).toBe(2);
  });

  test('goes past what only the new template can mend, and takes along what is away', () => {
    expect(next([stuck, old])).toBe(1);
    expect(next([stuck, stuck])).toBe(0);
    expect(next([away, away], 2, false)).toBe(0);
  });

  test('stops at a replica that cannot run by the new template', () => {
    expect(next([old, broken], 1)).toBe(1);
  });

  test('never takes back, and follows a shard that got fewer replicas', () => {
    expect(next([old, old], 0)).toBe(0);
    expect(next([old, fresh], 5)).toBe(0);
  });
});

describe('planReplicas', () => {
  test('begins with one replica of one shard', () => {
    const plan = planReplicas([outdated(0), outdated(1), outdated(2)]);
    expect([...plan.partitions]).toEqual([[0, 1]]);
    expect(plan).toMatchObject({ waiting: [1, 2], rolling: [0], broken: [] });
  });

  test('goes on in all shards at once when that one serves', () => {
    const first = shard(0, [old, fresh], { partition: 1 });
    const plan = planReplicas([first, outdated(1), outdated(2, [old, old, old])]);
    expect(plan.partitions).toEqual(
      new Map([
        [0, 0],
        [1, 1],
        [2, 2],
      ]),
    );
    expect(plan).toMatchObject({ waiting: [], rolling: [0, 1, 2] });
  });

  test('waits for the first, and for the controller to have seen what was written', () => {
    for (const first of [
      shard(0, [old, starting], { partition: 1 }),
      shard(0, [fresh, fresh], { partition: 1, seen: false }),
    ]) {
      const plan = planReplicas([first, outdated(1)]);
      expect(plan).toMatchObject({ partitions: new Map([[0, 1]]), waiting: [1], rolling: [0] });
    }
  });

  test('stops everywhere while a new replica cannot run, but mends what is away', () => {
    const plan = planReplicas([
      shard(0, [old, broken], { partition: 1 }),
      shard(1, [old, fresh], { partition: 1 }),
      outdated(2),
      outdated(3, [stuck, stuck]),
    ]);
    expect(plan.partitions).toEqual(
      new Map([
        [0, 1],
        [1, 1],
        [3, 0],
      ]),
    );
    expect(plan).toMatchObject({ waiting: [2], broken: [0] });
  });

  test('a shard whose first cannot go yet does not hold the next up', () => {
    const plan = planReplicas([outdated(0, [away, old]), outdated(1)]);
    expect(plan).toMatchObject({ partitions: new Map([[1, 1]]), waiting: [0] });
  });

  test('does nothing where all is as wanted', () => {
    const plan = planReplicas([shard(0, [fresh, fresh])]);
    expect(plan).toEqual({ partitions: new Map([[0, 0]]), waiting: [], rolling: [], broken: [] });
  });

  test('is under way until the controller says that the last is ready, which another number of replicas is not', () => {
    const rolling = (over: Partial<SeveralShard>) => planReplicas([shard(0, [fresh, starting], over)]).rolling;
    expect(rolling({ rolled: false })).toEqual([0]);
    expect(rolling({ rolled: true })).toEqual([]);
    expect(rolling({ seen: false })).toEqual([]);
    expect(rolling({ seen: false, partition: 1 })).toEqual([0]);
  });

  const anyReplica = fc
    .record({ updated: fc.boolean(), ready: fc.boolean(), settled: fc.boolean(), stuck: fc.boolean() })
    .map(({ updated, ready, settled, stuck: fails }) => ({
      updated,
      ready,
      settled: ready && settled,
      stuck: !ready && fails,
    }));
  const anyShards = fc.array(
    fc.record({
      replicas: fc.array(anyReplica, { minLength: 2, maxLength: 5 }),
      outdated: fc.boolean(),
      seen: fc.boolean(),
      rolled: fc.boolean(),
      partition: fc.nat(5),
    }),
    { minLength: 1, maxLength: 5 },
  );

  test('never takes a ready replica of a shard while another of it is away for a reason that may pass', () => {
    fc.assert(
      fc.property(anyShards, (list) => {
        const shards = list.map((one, index) => ({ ...one, index }));
        const { partitions } = planReplicas(shards);
        for (const { index, replicas, outdated: whole, partition } of shards) {
          const before = whole ? replicas.length : Math.min(partition, replicas.length);
          const after = partitions.get(index) ?? before;
          const taken = replicas.filter(
            ({ updated, ready }, ordinal) => ordinal >= after && ordinal < before && ready && (whole || !updated),
          );
          expect(taken.length).toBeLessThanOrEqual(1);
          for (const one of taken) {
            const others = replicas.filter((other) => other !== one);
            expect(others.every((other) => other.settled || (other.stuck && (whole || !other.updated)))).toBe(true);
          }
        }
      }),
    );
  });

  test('comes to an end: what goes comes back by the new template, until all has it', () => {
    const anyStart = fc.array(fc.array(fc.constantFrom(old, stuck, away), { minLength: 2, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(anyStart, (list) => {
        let shards = list.map((replicas, index) =>
          // Those that are merely away come back by themselves sooner or later.
          outdated(
            index,
            replicas.map((one) => (one === away ? old : one)),
          ),
        );
        for (let pass = 0; pass < 20; pass++) {
          const { partitions } = planReplicas(shards);
          shards = shards.map((one) => {
            const partition = partitions.get(one.index);
            if (partition === undefined) return one;
            const replicas = one.replicas.map((replica, ordinal) => (ordinal >= partition ? fresh : replica));
            return { ...one, outdated: false, partition, replicas };
          });
        }
        for (const { replicas } of shards) expect(replicas.every(({ updated }) => updated)).toBe(true);
      }),
    );
  });
});
