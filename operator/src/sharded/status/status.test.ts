import { DEGRADED_REASONS, PROGRESSING_REASONS, READY_REASONS } from '@motif/api/conditions';
import { NameConflictError } from '@motif/kube';
import { describe, expect, test } from 'vitest';
import { shardStatefulSet } from '../desired/statefulset.ts';
import { RefusedError, TemplateError, VolumeRefusedError } from '../errors.ts';
import type { Autoscaler, Deployment } from '../kinds.ts';
import type { Pass } from '../pass.ts';
import { NO_ROLLOUT } from '../plan/rollout.ts';
import { NO_VOLUMES } from '../plan/volumes.ts';
import type { Condition } from '../resource.ts';
import { emptyWorld, live, NOW, pass, resource, shardPod, shardPods, state } from '../testing.ts';
import { statusOf } from './status.ts';

const condition = (of: Pass, type: string): Condition =>
  statusOf(of).conditions?.find((one) => one.type === type) as Condition;
const summary = (of: Pass) =>
  Object.fromEntries(
    ['Ready', 'Progressing', 'Degraded'].map((type) => [
      type,
      `${condition(of, type).status}/${condition(of, type).reason}`,
    ]),
  );

const settled: Condition[] = [
  { type: 'Ready', status: 'True', reason: 'AllShardsReady', message: '', lastTransitionTime: '2026-11-21T10:00:00Z' },
  {
    type: 'Progressing',
    status: 'False',
    reason: 'Converged',
    message: '',
    lastTransitionTime: '2026-11-21T10:00:00Z',
  },
];
const later = (spec: object = {}) => {
  const of = resource({ router: { replicas: 0 }, ...spec }, { generation: 2 });
  return { ...of, status: { observedGeneration: 1, conditions: settled } };
};
const world = (spec: object = {}) => emptyWorld(later(spec));
const stuck = state(1, {
  ready: false,
  rolled: false,
  problem: { reason: 'ImagePullBackOff', message: 'no such image' },
});

/** A shard of two replicas of which one is ready. */
const half = (index: number, over: Partial<ReturnType<typeof state>> = {}) =>
  state(index, { replicas: 2, complete: false, ...over });
const scaled = { protocol: 'http', shardAutoscaling: { maxReplicas: 4 } };
const autoscaler = (reason: string, agoMs: number): Autoscaler => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'cart-1' },
  status: {
    conditions: [
      { type: 'ScalingActive', status: 'False', reason, lastTransitionTime: new Date(NOW - agoMs).toISOString() },
    ],
  },
});

describe('statusOf', () => {
  test('all is well', () => {
    expect(summary(pass())).toEqual({
      Ready: 'True/AllShardsReady',
      Progressing: 'False/Converged',
      Degraded: 'False/AsExpected',
    });
    expect(statusOf(pass())).toMatchObject({
      observedGeneration: 1,
      epoch: 4,
      dataPlaneVersion: '0.1.0',
      readyShards: 3,
      updatedShards: 3,
      readyReplicas: 3,
    });
  });

  test('counts shards that serve, and replicas', () => {
    const pods = shardPods(resource(), [2, 1, 1]);
    const of = pass({
      world: { ...world(), shardPods: pods },
      shards: [half(0), state(1), state(2, { ready: false })],
    });
    expect(statusOf(of)).toMatchObject({ readyShards: 2, replicas: 4, readyReplicas: 2 });
    const rolling = pass({ rollout: { ...NO_ROLLOUT, outdated: [2], rollingReplicas: [0] } });
    expect(statusOf(rolling).updatedShards).toBe(1);
  });

  test('is under way from the change of a number of replicas until all are ready', () => {
    const of = { ...later({ protocol: 'http', replicas: 3 }) };
    const set = live(of, shardStatefulSet(of, 0, { replicas: 1, fingerprint: 'x' }));
    const asked = pass({ world: emptyWorld(of, { statefulSets: new Map([[0, set]]) }) });
    expect(summary(asked)).toMatchObject({ Progressing: 'True/Scaling' });
    const under = { ...of, status: { conditions: statusOf(asked).conditions } } as typeof of;
    const shards = [half(0), state(1), state(2)];
    expect(summary(pass({ world: emptyWorld(under), shards }))).toMatchObject({ Progressing: 'True/Scaling' });
    expect(summary(pass({ world: emptyWorld(under) }))).toMatchObject({ Progressing: 'False/Converged' });
    expect(summary(pass({ world: emptyWorld(of), shards }))).toMatchObject({ Progressing: 'False/Converged' });
  });

  const cases: [string, Partial<Pass>, Record<string, string>][] = [
    [
      'at first',
      { shards: [state(0, { ready: false }), state(1), state(2)] },
      { Ready: 'False/ShardsNotReady', Progressing: 'True/Creating', Degraded: 'False/AsExpected' },
    ],
    [
      'a shard that was away for a moment',
      { world: world(), shards: [state(0, { ready: false, unreadySince: NOW - 5_000 }), state(1), state(2)] },
      { Ready: 'False/ShardsNotReady', Progressing: 'False/Converged', Degraded: 'False/AsExpected' },
    ],
    [
      'a shard that is away for long',
      { world: world(), shards: [state(0, { ready: false, unreadySince: NOW - 31_000 }), state(1), state(2)] },
      { Ready: 'False/ShardsNotReady', Progressing: 'False/Converged', Degraded: 'True/ShardNotReady' },
    ],
    [
      'a shard that cannot run',
      { world: world(), shards: [state(0), stuck, state(2)] },
      { Ready: 'False/ShardsNotReady', Progressing: 'False/Converged', Degraded: 'True/ImagePullBackOff' },
    ],
    [
      'a roll-out',
      { world: world(), rollout: { ...NO_ROLLOUT, apply: [0], waiting: [1, 2], outdated: [0, 1, 2], rolling: 0 } },
      { Ready: 'True/AllShardsReady', Progressing: 'True/RollingOut', Degraded: 'False/AsExpected' },
    ],
    [
      'a roll-out that is held up',
      {
        world: world(),
        shards: [state(0), stuck, state(2)],
        rollout: { ...NO_ROLLOUT, waiting: [0, 2], outdated: [0, 2], rolling: 1, blockedBy: [1] },
      },
      { Ready: 'False/ShardsNotReady', Progressing: 'True/Blocked', Degraded: 'True/ImagePullBackOff' },
    ],
    [
      'shards that join',
      { world: world(), members: new Set(['cart-0', 'cart-1']) },
      { Ready: 'False/ShardsNotReady', Progressing: 'True/Scaling', Degraded: 'False/AsExpected' },
    ],
    [
      'shards that leave',
      { world: world(), deletions: { now: ['cart-4'], later: [] } },
      { Ready: 'True/AllShardsReady', Progressing: 'True/Scaling', Degraded: 'False/AsExpected' },
    ],
    [
      'shards that nobody explains',
      { world: world(), deletions: { now: [], later: ['cart-4'] } },
      { Ready: 'True/AllShardsReady', Progressing: 'False/Converged', Degraded: 'True/DeletionsWait' },
    ],
    [
      'volumes that grow',
      { world: world(), volumes: { ...NO_VOLUMES, grow: [0], pending: [0] } },
      { Ready: 'True/AllShardsReady', Progressing: 'True/Resizing', Degraded: 'False/AsExpected' },
    ],
    [
      'volumes that cannot grow',
      { world: world(), volumes: { ...NO_VOLUMES, pending: [0], refused: 'no' } },
      { Ready: 'True/AllShardsReady', Progressing: 'True/Blocked', Degraded: 'True/VolumeNotExpandable' },
    ],
    [
      'data of another placement',
      { world: world(), sharding: { kind: 'Mismatch', message: 'no' }, epoch: undefined },
      { Ready: 'False/ShardsNotReady', Progressing: 'True/Blocked', Degraded: 'True/ShardingMismatch' },
    ],
    [
      'names that collide',
      { world: world(), collision: 'a and b' },
      { Ready: 'True/AllShardsReady', Progressing: 'True/Blocked', Degraded: 'True/HashNameCollision' },
    ],
    [
      'an object in the way',
      { errors: [new NameConflictError('Service', 'shop/cart', undefined)] },
      { Degraded: 'True/NameConflict' },
    ],
    ['a template that is refused', { errors: [new TemplateError('no')] }, { Degraded: 'True/TemplateInvalid' }],
    ['a quota', { errors: [new RefusedError('no')] }, { Degraded: 'True/RefusedByServer' }],
    ['storage that refuses', { errors: [new VolumeRefusedError('no')] }, { Degraded: 'True/VolumeNotExpandable' }],
    ['a failure once', { errors: [new Error('no')], failures: 0 }, { Degraded: 'False/AsExpected' }],
    ['a failure again and again', { errors: [new Error('no')], failures: 3 }, { Degraded: 'True/ReconcileFailed' }],
    [
      'suspended',
      { world: world({ suspend: true }), shards: [state(0, { ready: false, stopped: true, unreadySince: 0 })] },
      { Ready: 'False/Suspended', Progressing: 'False/Converged', Degraded: 'False/AsExpected' },
    ],
    [
      'shards that leave while suspended',
      { world: world({ suspend: true }), deletions: { now: ['cart-4'], later: [] } },
      { Progressing: 'True/Scaling' },
    ],
    [
      'suspending',
      { world: { ...world({ suspend: true }), shardPods: new Map([['cart-0-0', shardPod(resource(), 0)]]) } },
      { Ready: 'False/Suspended', Progressing: 'True/Suspending' },
    ],
    [
      'a replica that was away for a moment',
      { world: world(), shards: [half(0, { unreadySince: NOW - 100_000 }), state(1), state(2)] },
      { Ready: 'True/AllShardsReady', Progressing: 'False/Converged', Degraded: 'False/AsExpected' },
    ],
    [
      'a replica that is away for long',
      { world: world(), shards: [half(0, { unreadySince: NOW - 121_000 }), state(1), state(2)] },
      { Ready: 'True/AllShardsReady', Progressing: 'False/Converged', Degraded: 'True/ReplicaNotReady' },
    ],
    [
      'a replica that cannot run',
      { world: world(), shards: [half(0, { problem: { reason: 'ImagePullBackOff', message: 'no' } }), state(1)] },
      { Ready: 'True/AllShardsReady', Degraded: 'True/ImagePullBackOff' },
    ],
    [
      'replicas that are not all there at first',
      { shards: [half(0), state(1), state(2)] },
      { Ready: 'True/AllShardsReady', Progressing: 'True/Creating', Degraded: 'False/AsExpected' },
    ],
    [
      'replicas that are replaced',
      { world: world(), rollout: { ...NO_ROLLOUT, apply: [0, 1], rollingReplicas: [0, 1] } },
      { Ready: 'True/AllShardsReady', Progressing: 'True/RollingOut', Degraded: 'False/AsExpected' },
    ],
    [
      'an autoscaler that cannot decide',
      { world: { ...world(scaled), autoscalers: new Map([[1, autoscaler('FailedGetResourceMetric', 121_000)]]) } },
      { Ready: 'True/AllShardsReady', Degraded: 'True/AutoscalerInactive' },
    ],
    [
      'an autoscaler that has just been made, or rests',
      {
        world: {
          ...world(scaled),
          autoscalers: new Map([
            [0, autoscaler('FailedGetResourceMetric', 60_000)],
            [1, autoscaler('ScalingDisabled', 999_000)],
          ]),
        },
      },
      { Degraded: 'False/AsExpected' },
    ],
    [
      'a list that is not believed',
      { world: { ...world(), doubts: [{ resource: 'pods', before: 9, after: 0 }] } },
      { Ready: 'True/AllShardsReady', Degraded: 'True/ListDoubted' },
    ],
    [
      'a router that is not ready',
      { world: world({ router: { replicas: 2 } }) },
      { Ready: 'False/RouterNotReady', Progressing: 'True/RollingOut', Degraded: 'False/AsExpected' },
    ],
  ];
  for (const [name, over, expected] of cases) {
    test(name, () => expect(summary(pass(over))).toMatchObject(expected));
  }

  test('gives no reason that is not documented', () => {
    const known = {
      Ready: READY_REASONS,
      Progressing: PROGRESSING_REASONS,
      Degraded: { ...DEGRADED_REASONS, ImagePullBackOff: 1 },
    };
    for (const [, over] of cases) {
      for (const { type, reason } of statusOf(pass(over)).conditions ?? []) {
        expect(known[type as keyof typeof known], type).toHaveProperty(reason);
      }
    }
  });

  test('a router that is ready', () => {
    const router = {
      metadata: { generation: 3 },
      status: { observedGeneration: 3, updatedReplicas: 2, replicas: 2, availableReplicas: 2, readyReplicas: 2 },
    };
    const of = pass({ world: { ...world({ router: { replicas: 2 } }), router: router as Deployment } });
    expect(summary(of)).toMatchObject({ Ready: 'True/AllShardsReady', Progressing: 'False/Converged' });
    expect(statusOf(of).readyRouters).toBe(2);
  });

  test('moves the time of a condition only when its status turns', () => {
    const away = pass({ world: world(), shards: [state(0, { ready: false }), state(1), state(2)] });
    expect(condition(away, 'Progressing').lastTransitionTime).toBe('2026-11-21T10:00:00Z');
    expect(condition(away, 'Ready')).toMatchObject({
      lastTransitionTime: '2026-11-21T12:00:00Z',
      observedGeneration: 2,
    });
  });

  test('never tells more than a status may hold', () => {
    expect(condition(pass({ errors: [new TemplateError('x'.repeat(100_000))] }), 'Degraded').message.length).toBe(2048);
  });
});
