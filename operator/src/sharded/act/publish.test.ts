import { describe, expect, test } from 'vitest';
import { shardStatefulSet } from '../desired/statefulset.ts';
import { topologyConfigMap } from '../desired/topology-configmap.ts';
import { emptyWorld, live, NOW, resource, shardPod, state } from '../testing.ts';
import type { World } from '../world/world.ts';
import { planSurplus } from './deletions.ts';
import { nextTopology } from './publish.ts';

const remap = { sharding: { onRemap: 'Remap' } };
const before = resource({ ...remap, shards: 4 });
const sets = (count: number) =>
  new Map(
    Array.from(
      { length: count },
      (_, i) => [i, live(before, shardStatefulSet(before, i, { replicas: 1, fingerprint: 'x' }))] as const,
    ),
  );

/** The world after `first` was published, seen with the resource as it is now. */
function after(first: World, of = first.resource, over: Partial<World> = {}): World {
  const { topology, since, leaving, leavingSince } = nextTopology(
    first,
    [0, 1, 2, 3].map((i) => state(i)),
  );
  const topologyMap = topologyConfigMap(first.resource, topology, {
    since: new Date(since).toISOString(),
    leaving: [...leaving],
    leavingSince: new Date(leavingSince).toISOString(),
  });
  return emptyWorld(of, { now: NOW + 60_000, topology, topologyMap, statefulSets: sets(4), ...over });
}

describe('nextTopology', () => {
  test('counts from one, and not on where nothing changed', () => {
    const world = after(emptyWorld(before));
    expect(world.topology?.epoch).toBe(1);
    expect(nextTopology(world, [])).toMatchObject({ topology: world.topology, since: NOW });
  });

  test('counts on with each change, from then on', () => {
    const world = after(emptyWorld(before), before, { shardPods: new Map([['cart-0-0', shardPod(before, 0)]]) });
    expect(nextTopology(world, [])).toMatchObject({ topology: { epoch: 2 }, since: NOW + 60_000 });
  });

  test('counts on from the status where the ConfigMap was lost', () => {
    const known = { ...before, status: { epoch: 7 } };
    expect(nextTopology(emptyWorld(known), []).topology.epoch).toBe(8);
  });

  test('knows the shards that a change took out until they are gone', () => {
    const shrunk = resource({ ...remap, shards: 2 });
    const first = after(emptyWorld(before), shrunk);
    expect([...nextTopology(first, []).leaving]).toEqual(['cart-2', 'cart-3']);
    const second = after(first, shrunk, { statefulSets: sets(3) });
    expect([...nextTopology(second, []).leaving]).toEqual(['cart-2']);
    expect([...nextTopology(after(second, shrunk, { statefulSets: sets(2) }), []).leaving]).toEqual([]);
  });
});

describe('planSurplus', () => {
  const names = (world: World) => {
    const { now, later } = planSurplus(world, nextTopology(world, []));
    return {
      now: now.map(({ object }) => object.metadata.name),
      later: later.map(({ object }) => object.metadata.name),
    };
  };

  test('takes the highest first where the resource shrank', () => {
    expect(names(after(emptyWorld(before), resource({ ...remap, shards: 2 })))).toEqual({
      now: ['cart-3', 'cart-2'],
      later: [],
    });
  });

  test('takes one, once, of those that were never published', () => {
    const small = resource({ ...remap, shards: 1 });
    const world = after(emptyWorld(small), small);
    expect(names(world)).toEqual({ now: ['cart-3'], later: ['cart-2', 'cart-1'] });
    const told = {
      type: 'Degraded',
      status: 'True',
      reason: 'DeletionsWait',
      message: '',
      lastTransitionTime: '',
    } as const;
    const waiting = { ...small, status: { conditions: [told] } };
    expect(names({ ...world, resource: waiting }).now).toEqual([]);
    const metadata = { ...waiting.metadata, annotations: { 'motif.dev/confirm-deletes': '1' } };
    expect(names({ ...world, resource: { ...waiting, metadata } }).now).toEqual(['cart-3', 'cart-2', 'cart-1']);
  });

  test("leaves alone what is not this resource's", () => {
    const small = resource({ ...remap, shards: 1 });
    const orphans = sets(4);
    for (const set of orphans.values()) delete set.metadata.ownerReferences;
    expect(names(after(emptyWorld(small), small, { statefulSets: orphans }))).toEqual({ now: [], later: [] });
  });
});
