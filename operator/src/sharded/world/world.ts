import type { ShardedTopology } from '@motif/api/topology';
import type { KubeObject } from '@motif/kube';
import type { Autoscaler, Claim, ConfigMap, Deployment, Pod, StatefulSet, StorageClass } from '../kinds.ts';
import type { ShardedService } from '../resource.ts';
import type { LastWarning } from './pod-problem.ts';

/** All that one pass knows. Made by `gather`; everything after it is pure until `apply`. */
export interface World {
  readonly resource: ShardedService;
  /** ms since the epoch. */
  readonly now: number;
  /** By shard index, whoever owns them. */
  readonly statefulSets: ReadonlyMap<number, StatefulSet>;
  /** Pods of shards, by pod name. */
  readonly shardPods: ReadonlyMap<string, Pod>;
  /** The claims of each shard that has any, by index; those of its replicas in their order. */
  readonly claims: ReadonlyMap<number, readonly Claim[]>;
  /** By shard index, whoever owns them. */
  readonly autoscalers: ReadonlyMap<number, Autoscaler>;
  /** Those over shards, whoever owns them. */
  readonly shardBudgets: readonly KubeObject[];
  readonly topologyMap: ConfigMap | undefined;
  /** What `topologyMap` says, if it can be read. */
  readonly topology: ShardedTopology | undefined;
  readonly router: Deployment | undefined;
  readonly routerPods: readonly Pod[];
  readonly routerService: KubeObject | undefined;
  readonly routerBudget: KubeObject | undefined;
  /** Classes of claims that must grow, by name; null: there is none of the name. */
  readonly storageClasses: ReadonlyMap<string, StorageClass | null>;
  readonly warning: LastWarning;
  /** Lists that are not believed: so much is gone in them that the last good state is kept. */
  readonly doubts: readonly Doubt[];
}

/** A list that the cache does not believe. */
export interface Doubt {
  /** `pods`, `statefulsets.apps`. */
  readonly resource: string;
  /** How many objects there were, and are according to the list. */
  readonly before: number;
  readonly after: number;
}

/** Whether `object` is controlled by this resource. */
export function isOurs(resource: ShardedService, object: KubeObject | undefined): boolean {
  return (
    object?.metadata.ownerReferences?.some(
      ({ controller, uid }) => controller === true && uid === resource.metadata.uid,
    ) ?? false
  );
}

/** Whether nobody controls `object`: left behind by `--cascade=orphan`. */
export function isOrphan(object: KubeObject): boolean {
  return !(object.metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false);
}
