import type { KubeObject, ObjectName } from './object.ts';

/** A resource of the API: what a URL needs (group, version, plural) and what an object carries (kind). */
export interface ResourceRef {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, lower case: the URL segment and the name that RBAC uses. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function namespaced(group: string, version: string, resource: string, kind: string): ResourceRef {
  return { group, version, resource, kind, namespaced: true };
}

/** The built-in resources that Motif touches. */
export const resources = {
  configMaps: namespaced('', 'v1', 'configmaps', 'ConfigMap'),
  secrets: namespaced('', 'v1', 'secrets', 'Secret'),
  services: namespaced('', 'v1', 'services', 'Service'),
  pods: namespaced('', 'v1', 'pods', 'Pod'),
  persistentVolumeClaims: namespaced('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  serviceAccounts: namespaced('', 'v1', 'serviceaccounts', 'ServiceAccount'),
  coreEvents: namespaced('', 'v1', 'events', 'Event'),
  namespaces: { group: '', version: 'v1', resource: 'namespaces', kind: 'Namespace', namespaced: false },
  nodes: { group: '', version: 'v1', resource: 'nodes', kind: 'Node', namespaced: false },
  statefulSets: namespaced('apps', 'v1', 'statefulsets', 'StatefulSet'),
  deployments: namespaced('apps', 'v1', 'deployments', 'Deployment'),
  replicaSets: namespaced('apps', 'v1', 'replicasets', 'ReplicaSet'),
  podDisruptionBudgets: namespaced('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  horizontalPodAutoscalers: namespaced('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
  endpointSlices: namespaced('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice'),
  events: namespaced('events.k8s.io', 'v1', 'events', 'Event'),
  leases: namespaced('coordination.k8s.io', 'v1', 'leases', 'Lease'),
  storageClasses: {
    group: 'storage.k8s.io',
    version: 'v1',
    resource: 'storageclasses',
    kind: 'StorageClass',
    namespaced: false,
  },
  customResourceDefinitions: {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    resource: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
  },
} as const satisfies Record<string, ResourceRef>;

/** `v1` or `group/version`. */
export function apiVersionOf(ref: ResourceRef): string {
  return ref.group === '' ? ref.version : `${ref.group}/${ref.version}`;
}

/** Whether an object is of this resource (same apiVersion and kind). */
export function isOfResource(ref: ResourceRef, object: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return object.kind === ref.kind && object.apiVersion === apiVersionOf(ref);
}

/** The URL path of a collection: of one namespace, or of all when `namespace` is absent. */
export function collectionPath(ref: ResourceRef, namespace?: string): string {
  const root = ref.group === '' ? `/api/${ref.version}` : `/apis/${ref.group}/${ref.version}`;
  const scope = ref.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${ref.resource}`;
}

/**
 * The URL path of one object or of one of its subresources.
 * Throws `TypeError` where a namespaced resource comes without a namespace, or a cluster-scoped one with it.
 */
export function objectPath(ref: ResourceRef, target: ObjectName, subresource?: string): string {
  if (ref.namespaced && !target.namespace)
    throw new TypeError(`${ref.resource} ${target.name}: a namespace is required`);
  if (!ref.namespaced && target.namespace)
    throw new TypeError(
      `${ref.resource} ${target.name}: is cluster-scoped, yet namespace ${target.namespace} was given`,
    );
  if (target.name === '') throw new TypeError(`${ref.resource}: the name is empty`);
  const path = `${collectionPath(ref, target.namespace)}/${encodeURIComponent(target.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** `statefulsets.apps`, or `pods` in the core group: for messages and metrics. */
export function resourceName(ref: ResourceRef): string {
  return ref.group === '' ? ref.resource : `${ref.resource}.${ref.group}`;
}
