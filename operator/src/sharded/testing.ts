import { shardedService } from '@motif/api/shardedservice';
import type { Pod, StatefulSet } from './kinds.ts';
import { podName, recommendedLabels, shardLabels } from './names.ts';
import type { Pass } from './pass.ts';
import { NO_ROLLOUT } from './plan/rollout.ts';
import { NO_VOLUMES } from './plan/volumes.ts';
import type { ShardedService } from './resource.ts';
import type { ShardState } from './world/shard-state.ts';
import type { World } from './world/world.ts';

/** Builders for tests; never imported by a program. */

export const NOW = Date.parse('2026-11-21T12:00:00Z');

const REDIS = { spec: { containers: [{ name: 'redis', image: 'redis:7' }] } };

/** A stored resource `cart` in `shop`; `spec` over the smallest one that is valid. */
export function resource(spec: object = {}, metadata: object = {}): ShardedService {
  const input = {
    apiVersion: 'motif.dev/v1alpha1',
    kind: 'ShardedService',
    metadata: { name: 'cart', namespace: 'shop', uid: 'uid-cart', generation: 1, ...metadata },
    spec: { protocol: 'redis', shards: 3, template: REDIS, ...spec },
  };
  return shardedService.parse(input) as unknown as ShardedService;
}

/** The same of protocol http. */
export function http(spec: object = {}, metadata: object = {}): ShardedService {
  const template = { spec: { containers: [{ name: 'app', image: 'shop/app:1' }] } };
  const { sharding = {}, ...rest } = spec as { sharding?: object };
  return resource({ protocol: 'http', template, sharding: { key: ['uri'], ...sharding }, ...rest }, metadata);
}

/** A world with nothing in it but the resource. */
export function emptyWorld(of: ShardedService = resource(), over: Partial<World> = {}): World {
  return {
    resource: of,
    now: NOW,
    statefulSets: new Map(),
    shardPods: new Map(),
    claims: new Map(),
    autoscalers: new Map(),
    shardBudgets: [],
    topologyMap: undefined,
    topology: undefined,
    router: undefined,
    routerPods: [],
    routerService: undefined,
    routerBudget: undefined,
    storageClasses: new Map(),
    warning: () => undefined,
    doubts: [],
    ...over,
  };
}

/** A pod of a shard: ready, with an address. */
export function shardPod(of: ShardedService, index: number, status: Pod['status'] = {}, ordinal = 0): Pod {
  const name = podName(of.metadata.name, index, ordinal);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: of.metadata.namespace,
      uid: `uid-${name}`,
      labels: { ...recommendedLabels(of, 'shard'), ...shardLabels(of.metadata.name, index) },
      creationTimestamp: new Date(NOW - 600_000).toISOString(),
    },
    spec: { containers: [] },
    status: {
      phase: 'Running',
      podIP: `10.0.0.${index + 1}`,
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: new Date(NOW - 500_000).toISOString() }],
      ...status,
    },
  };
}

/** All pods of shards of several replicas: ready, of revision `r1`. */
export function shardPods(of: ShardedService, counts: readonly number[]): Map<string, Pod> {
  const pods = counts.flatMap((count, index) =>
    Array.from({ length: count }, (_, ordinal) => {
      const pod = shardPod(of, index, { podIP: `10.0.${index}.${ordinal + 1}` }, ordinal);
      return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [REVISION]: 'r1' } } };
    }),
  );
  return new Map(pods.map((pod) => [pod.metadata.name, pod]));
}

/** The label by which a pod tells which template it was made from. */
export const REVISION = 'controller-revision-hash';

/** As the API server would hold `wanted`: owned, seen by its controller, rolled out. */
export function live(of: ShardedService, wanted: StatefulSet, over: Partial<StatefulSet['status']> = {}): StatefulSet {
  const owner = {
    apiVersion: of.apiVersion,
    kind: of.kind,
    name: of.metadata.name,
    uid: of.metadata.uid,
    controller: true,
  };
  const status = {
    observedGeneration: 1,
    replicas: 1,
    readyReplicas: 1,
    updatedReplicas: 1,
    currentRevision: 'r1',
    updateRevision: 'r1',
    ...over,
  };
  const metadata = { ...wanted.metadata, uid: `uid-${wanted.metadata.name}`, generation: 1, ownerReferences: [owner] };
  return { ...structuredClone(wanted), metadata, status };
}

export function state(index: number, over: Partial<ShardState> = {}): ShardState {
  const ready = over.ready ?? true;
  const base = {
    replicas: 1,
    readyReplicas: ready ? 1 : 0,
    complete: ready,
    index,
    name: `cart-${index}`,
    exists: true,
    updating: false,
    stopped: false,
    rolled: true,
    ready: true,
  };
  return { ...base, unreadySince: undefined, problem: undefined, ...over };
}

/** A pass over three shards with which all is well. */
export function pass(over: Partial<Pass> = {}): Pass {
  const of = over.world?.resource ?? resource({ router: { replicas: 0 } });
  return {
    world: emptyWorld(of),
    shards: [state(0), state(1), state(2)],
    rollout: NO_ROLLOUT,
    volumes: NO_VOLUMES,
    sharding: { kind: 'Matches' },
    collision: undefined,
    deletions: { now: [], later: [] },
    members: new Set(['cart-0', 'cart-1', 'cart-2']),
    epoch: 4,
    dataPlaneVersion: '0.1.0',
    errors: [],
    failures: 0,
    ...over,
  };
}
