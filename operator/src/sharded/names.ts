import type { ShardedService } from './resource.ts';

/** Names and labels of children: DESIGN §5. What stands in a selector can never change again. */

export const LABEL = {
  kind: 'motif.dev/kind',
  service: 'motif.dev/service',
  shard: 'motif.dev/shard',
  role: 'motif.dev/role',
} as const;

export const ANNOTATION = {
  /** On pods: a hash over what they mount of ours; a change makes the kubelet refresh the volume at once. */
  topologyEpoch: 'motif.dev/topology-epoch',
  /** On claims and StatefulSets: which way of placing keys their data was written under. */
  fingerprint: 'motif.dev/sharding-fingerprint',
  /** On the topology ConfigMap: since when its epoch is the current one (RFC 3339). */
  epochSince: 'motif.dev/epoch-since',
  /** On the topology ConfigMap: shards that a change of the resource took out of it and that are still there; `cart-1:2` for one that goes down to 2 replicas. */
  leaving: 'motif.dev/leaving-shards',
  /** On the topology ConfigMap: since when it is without the last of those (RFC 3339). */
  leavingSince: 'motif.dev/leaving-since',
  /** On the router's Deployment: the version of our containers that the resource was rolled out with. */
  dataPlaneVersion: 'motif.dev/data-plane-version',
  /** On the resource, by a person: the generation whose waiting deletions may be done. */
  confirmDeletes: 'motif.dev/confirm-deletes',
} as const;

export const KIND = 'ShardedService';

export type Role = 'shard' | 'router';

export const shardName = (service: string, index: number): string => `${service}-${index}`;
export const podName = (service: string, index: number, ordinal: number): string =>
  `${shardName(service, index)}-${ordinal}`;
export const headlessName = (service: string): string => `${service}-shards`;
/** Of the budget over all shards of one replica; a shard of several has its own, of its name. */
export const shardsBudgetName = (service: string): string => `${service}-shards`;
export const topologyName = (service: string): string => `${service}-topology`;
export const routerName = (service: string): string => `${service}-router`;

/** The label by which the operator finds the pods that mount the topology of `service`. */
export const usesLabel = (service: string): string => `motif.dev/uses.ssvc.${service}`;

/** What `usesLabel` makes, up to the service's name. */
export const USES_PREFIX = 'motif.dev/uses.ssvc.';

/** The name of the claim template, and so the beginning of the claims' names: `data-cart-0-0`. */
export const CLAIM_NAME = 'data';
export const claimName = (service: string, index: number, ordinal = 0): string =>
  `${CLAIM_NAME}-${podName(service, index, ordinal)}`;

/** Of every object that belongs to the resource; an object without a controller that carries them may be adopted. */
export function serviceLabels(service: string): Record<string, string> {
  return { [LABEL.kind]: KIND, [LABEL.service]: service };
}

/** Of the pods of one role. */
export function roleLabels(service: string, role: Role): Record<string, string> {
  return { ...serviceLabels(service), [LABEL.role]: role };
}

/** Of the pods of one shard; the index, because the name is in the object's own. */
export function shardLabels(service: string, index: number): Record<string, string> {
  return { ...roleLabels(service, 'shard'), [LABEL.shard]: String(index) };
}

/** The labels that people and dashboards look for. */
export function recommendedLabels(resource: ShardedService, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': resource.spec.protocol,
    'app.kubernetes.io/instance': resource.metadata.name,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': resource.metadata.name,
    'app.kubernetes.io/managed-by': 'motif',
  };
}

/** The ordinal at the end of the name of a shard's pod or of its claim; undefined: it is of another shard. */
export function ordinalOf(name: string, owner: string): number | undefined {
  const text = name.startsWith(`${owner}-`) ? name.slice(owner.length + 1) : '';
  return /^(0|[1-9][0-9]{0,3})$/.test(text) ? Number(text) : undefined;
}

/** The index that a shard's labels say, or undefined when they say none that can be. */
export function shardIndexOf(labels: Readonly<Record<string, string>> | undefined): number | undefined {
  const text = labels?.[LABEL.shard];
  return text !== undefined && /^(0|[1-9][0-9]{0,3})$/.test(text) ? Number(text) : undefined;
}
