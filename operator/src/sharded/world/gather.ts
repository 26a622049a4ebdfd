import { parseTopology, TOPOLOGY_KEY, TopologyError } from '@motif/api/topology';
import type { Informer, KubeClient, KubeObject, OwnWrites, ResourceRef } from '@motif/kube';
import { isForbidden, isNotFound, resourceName, resources } from '@motif/kube';
import type { Autoscaler, Claim, ConfigMap, Deployment, Pod, StatefulSet, StorageClass } from '../kinds.ts';
import { CLAIM_NAME, LABEL, ordinalOf, podName, routerName, shardIndexOf, shardName, topologyName } from '../names.ts';
import { isLess } from '../plan/volumes.ts';
import { wantedReplicas } from '../replicas.ts';
import type { ShardedService } from '../resource.ts';
import { shardCount } from '../spec.ts';
import { isSilent, type PodProblem } from './pod-problem.ts';
import { lastWarnings } from './warnings.ts';
import type { Doubt, World } from './world.ts';

/** The caches that a pass reads. Those of children hold only objects labelled with our kind. */
export interface Caches {
  readonly shardedServices: Informer<ShardedService>;
  readonly statefulSets: Informer<StatefulSet>;
  readonly deployments: Informer<Deployment>;
  readonly services: Informer;
  readonly configMaps: Informer<ConfigMap>;
  readonly budgets: Informer;
  readonly pods: Informer<Pod>;
  readonly claims: Informer<Claim>;
  readonly autoscalers: Informer<Autoscaler>;
}

export interface GatherOptions {
  readonly client: KubeClient;
  readonly caches: Caches;
  readonly ownWrites: OwnWrites;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** A pod that only says "creating" for so long is looked up in the events. */
export const SILENT_AFTER_MS = 10_000;

/**
 * Reads the world of one resource: from the caches, and from the API server what the caches lack although it should be there (a
 * cache may be behind, or have been told an empty list).
 */
export async function gather(resource: ShardedService, options: GatherOptions): Promise<World> {
  const { caches, now } = options;
  const { name, namespace } = resource.metadata;
  const ours = <T extends KubeObject>(informer: Informer<T>): T[] =>
    informer.store.byLabel(LABEL.service, name).filter((object) => object.metadata.namespace === namespace);
  const pods = ours(caches.pods);
  const shardPods = pods.filter(({ metadata }) => metadata.labels?.[LABEL.role] === 'shard');
  const statefulSets = await gatherStatefulSets(resource, ours(caches.statefulSets), options);
  const claims = gatherClaims(resource, ours(caches.claims));
  const topologyMap = await find<ConfigMap>(
    caches.configMaps,
    resources.configMaps,
    topologyName(name),
    resource,
    options,
  );
  return {
    resource,
    now,
    statefulSets,
    shardPods: new Map(shardPods.map((pod) => [pod.metadata.name, pod])),
    claims,
    autoscalers: byIndex(resource, ours(caches.autoscalers)),
    shardBudgets: ours(caches.budgets).filter(({ metadata }) => metadata.name !== routerName(name)),
    topologyMap,
    topology: readTopology(topologyMap),
    router: await find<Deployment>(caches.deployments, resources.deployments, routerName(name), resource, options),
    routerPods: pods.filter(({ metadata }) => metadata.labels?.[LABEL.role] === 'router'),
    routerService: caches.services.store.get(`${namespace}/${name}`),
    routerBudget: caches.budgets.store.get(`${namespace}/${routerName(name)}`),
    storageClasses: await gatherClasses(resource, claims, options),
    warning: await gatherWarnings(resource, pods, statefulSets, options),
    doubts: gatherDoubts(caches),
  };
}

/** Of the caches from which the absence of something could be concluded. */
function gatherDoubts({ statefulSets, pods, claims }: Caches): Doubt[] {
  return [statefulSets, pods, claims].flatMap(({ resource, suspicion }) =>
    suspicion === undefined
      ? []
      : [{ resource: resourceName(resource), before: suspicion.before, after: suspicion.after }],
  );
}

/** The objects that are named after a shard, by its index. */
function byIndex<T extends KubeObject>(resource: ShardedService, objects: readonly T[]): Map<number, T> {
  const found = new Map<number, T>();
  for (const object of objects) {
    const index = shardIndexOf(object.metadata.labels);
    if (index !== undefined && object.metadata.name === shardName(resource.metadata.name, index))
      found.set(index, object);
  }
  return found;
}

async function gatherStatefulSets(
  resource: ShardedService,
  cached: readonly StatefulSet[],
  options: GatherOptions,
): Promise<Map<number, StatefulSet>> {
  const { name } = resource.metadata;
  const found = byIndex(
    resource,
    cached.map((set) => options.ownWrites.newest(set)),
  );
  for (let index = 0; index < shardCount(resource); index++) {
    if (found.has(index)) continue;
    const { statefulSets } = options.caches;
    const set = await find<StatefulSet>(
      statefulSets,
      resources.statefulSets,
      shardName(name, index),
      resource,
      options,
    );
    if (set !== undefined) found.set(index, set);
  }
  return found;
}

/** From the cache, else from the API server: absence is never concluded from a cache alone. */
async function find<T extends KubeObject>(
  informer: Informer<T>,
  ref: ResourceRef,
  name: string,
  resource: ShardedService,
  { client, ownWrites, signal }: GatherOptions,
): Promise<T | undefined> {
  const { namespace } = resource.metadata;
  const cached = informer.store.get(`${namespace}/${name}`);
  if (cached !== undefined) return ownWrites.newest(cached);
  return getOrUndefined<T>(client, ref, { namespace, name }, signal);
}

export async function getOrUndefined<T extends KubeObject>(
  client: KubeClient,
  ref: ResourceRef,
  target: { namespace?: string; name: string },
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await client.get<T>(ref, target, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function gatherClaims(resource: ShardedService, cached: readonly Claim[]): Map<number, Claim[]> {
  const claims = new Map<number, Claim[]>();
  const ordinal = ({ metadata }: Claim, index: number) =>
    ordinalOf(metadata.name, `${CLAIM_NAME}-${shardName(resource.metadata.name, index)}`);
  for (const claim of cached) {
    const index = shardIndexOf(claim.metadata.labels);
    if (index === undefined || ordinal(claim, index) === undefined) continue;
    claims.set(index, [...(claims.get(index) ?? []), claim]);
  }
  for (const [index, list] of claims) list.sort((a, b) => (ordinal(a, index) ?? 0) - (ordinal(b, index) ?? 0));
  return claims;
}

/** What the ConfigMap says; undefined where somebody broke it: it is then written anew. */
export function readTopology(map: ConfigMap | undefined): World['topology'] {
  const text = map?.data?.[TOPOLOGY_KEY];
  if (text === undefined) return undefined;
  try {
    return parseTopology(text);
  } catch (error) {
    if (error instanceof TopologyError) return undefined;
    throw error;
  }
}

/** Only where a claim is to grow: no call in the steady state. */
async function gatherClasses(
  resource: ShardedService,
  claims: ReadonlyMap<number, readonly Claim[]>,
  { client, signal }: GatherOptions,
): Promise<Map<string, StorageClass | null>> {
  const classes = new Map<string, StorageClass | null>();
  const { storage } = resource.spec;
  for (const { spec } of [...claims.values()].flat()) {
    const name = spec.storageClassName;
    const claimed = spec.resources?.requests?.storage;
    if (storage === undefined || !name || classes.has(name)) continue;
    if (claimed === undefined || !isLess(claimed, storage.size)) continue;
    classes.set(name, (await getOrUndefined<StorageClass>(client, resources.storageClasses, { name }, signal)) ?? null);
  }
  return classes;
}

/** Events are read only of what is stuck and does not say why. */
async function gatherWarnings(
  resource: ShardedService,
  pods: readonly Pod[],
  sets: ReadonlyMap<number, StatefulSet>,
  { client, now, signal }: GatherOptions,
): Promise<World['warning']> {
  const silent = pods.filter((pod) => isSilent(pod, now, SILENT_AFTER_MS)).map(({ metadata }) => metadata.uid);
  const byName = new Set(pods.map(({ metadata }) => metadata.name));
  const lacking = (index: number, { metadata, spec }: StatefulSet) =>
    Array.from({ length: wantedReplicas(resource, index, spec.replicas) }).some(
      (_, ordinal) => !byName.has(podName(resource.metadata.name, index, ordinal)),
    ) && now - Date.parse(metadata.creationTimestamp ?? '') >= SILENT_AFTER_MS;
  const podless = [...sets].filter(([index, set]) => lacking(index, set)).map(([, set]) => set);
  const warnings = new Map<string, PodProblem>();
  for (const uid of [...silent, ...podless.map(({ metadata }) => metadata.uid)]) {
    if (uid === undefined) continue;
    const problem = await lastWarnings(client, resource.metadata.namespace, uid, signal).catch(withoutEvents);
    if (problem !== undefined) warnings.set(uid, problem);
  }
  return (uid) => warnings.get(uid);
}

/** Events are a courtesy, also to us: where they may not be read the pass goes on without them. */
function withoutEvents(error: unknown): undefined {
  if (!isForbidden(error)) throw error;
}
