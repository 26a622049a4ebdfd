import { describe, expect, test } from 'vitest';
import { shardStatefulSet } from '../desired/statefulset.ts';
import { emptyWorld, http, live, NOW, resource, shardPod, shardPods } from '../testing.ts';
import { isRolled, shardState } from './shard-state.ts';

const of = resource();
const wanted = shardStatefulSet(of, 0, { replicas: 1, fingerprint: 'x' });
const set = (over: object = {}) => live(of, wanted, over);
const world = (pod = shardPod(of, 0), over: object = {}) =>
  emptyWorld(of, { statefulSets: new Map([[0, set(over)]]), shardPods: new Map([['cart-0-0', pod]]) });

describe('isRolled', () => {
  test('needs the controller to have seen the newest specification, and every pod to follow it', () => {
    expect(isRolled(set())).toBe(true);
    expect(isRolled(set({ observedGeneration: 0 }))).toBe(false);
    expect(isRolled(set({ updateRevision: 'r2' }))).toBe(false);
    expect(isRolled(set({ updatedReplicas: 0 }))).toBe(false);
    expect(isRolled(set({ readyReplicas: 0 }))).toBe(false);
  });
});

describe('shardState', () => {
  test('a shard that runs', () => {
    expect(shardState(world(), 0)).toMatchObject({
      name: 'cart-0',
      exists: true,
      stopped: false,
      rolled: true,
      ready: true,
    });
  });

  test('a shard that goes from one template to the next, or away', () => {
    expect(shardState(world(undefined, { updateRevision: 'r2' }), 0).updating).toBe(true);
    expect(shardState(world(undefined, { observedGeneration: 0 }), 0).updating).toBe(true);
    expect(shardState(world(undefined, { readyReplicas: 0 }), 0).updating).toBe(false);
    const going = set();
    going.metadata.deletionTimestamp = 'now';
    expect(shardState(emptyWorld(of, { statefulSets: new Map([[0, going]]) }), 0).exists).toBe(false);
  });

  test('a shard that is not there', () => {
    expect(shardState(emptyWorld(of), 0)).toMatchObject({
      exists: false,
      ready: false,
      problem: undefined,
      unreadySince: undefined,
    });
  });

  test('since when it is not ready', () => {
    const since = new Date(NOW - 7_000).toISOString();
    const pod = shardPod(of, 0, { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: since }] });
    expect(shardState(world(pod), 0)).toMatchObject({ ready: false, unreadySince: NOW - 7_000 });
  });

  test('a shard of several serves with one of them, and is complete with all', () => {
    const several = http({ shards: 1, replicas: 2 });
    const sets = new Map([[0, live(several, shardStatefulSet(several, 0, { replicas: 2, fingerprint: 'x' }))]]);
    const pods = shardPods(several, [2]);
    const of = (shardPods: typeof pods) => shardState(emptyWorld(several, { statefulSets: sets, shardPods }), 0);
    expect(of(pods)).toMatchObject({ replicas: 2, readyReplicas: 2, ready: true, complete: true });
    pods.delete('cart-0-1');
    expect(of(pods)).toMatchObject({ readyReplicas: 1, ready: true, complete: false, unreadySince: undefined });
    pods.delete('cart-0-0');
    expect(of(pods)).toMatchObject({ readyReplicas: 0, ready: false, complete: false });
  });

  test('a pod that ends is away, though it still says that it is ready', () => {
    const ending = shardPod(of, 0);
    ending.metadata.deletionTimestamp = new Date(NOW).toISOString();
    expect(shardState(world(ending), 0)).toMatchObject({ ready: false, readyReplicas: 0, unreadySince: NOW });
  });

  test('a shard that an autoscaler scales is to have what its StatefulSet says', () => {
    const scaled = http({ shards: 1, shardAutoscaling: { minReplicas: 1, maxReplicas: 5 } });
    const sets = new Map([[0, live(scaled, shardStatefulSet(scaled, 0, { replicas: 3, fingerprint: 'x' }))]]);
    const state = shardState(emptyWorld(scaled, { statefulSets: sets, shardPods: shardPods(scaled, [1]) }), 0);
    expect(state).toMatchObject({ replicas: 3, ready: true, complete: false });
  });

  test('a StatefulSet that cannot make its pod says why by its events', () => {
    const problem = { reason: 'FailedCreate', message: 'exceeded quota' };
    const warning = (uid: string) => (uid === 'uid-cart-0' ? problem : undefined);
    const none = emptyWorld(of, { statefulSets: new Map([[0, set()]]), warning });
    expect(shardState(none, 0).problem).toEqual(problem);
  });
});
