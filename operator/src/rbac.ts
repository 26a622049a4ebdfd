/** One rule of a role. */
export interface Rule {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * What the operator does in the namespaces that it serves, and why. The chart's role is compared with this.
 * A server-side apply that makes an object needs `create` beside `patch`.
 */
export const RULES: readonly Rule[] = [
  { group: 'motif.dev', resources: ['shardedservices'], verbs: ['list', 'watch'] },
  { group: 'motif.dev', resources: ['shardedservices/status'], verbs: ['patch'] },
  // Where the API server checks `blockOwnerDeletion` (OwnerReferencesPermissionEnforcement, as on OpenShift).
  { group: 'motif.dev', resources: ['shardedservices/finalizers'], verbs: ['update'] },
  // Delete: shards that leave, StatefulSets that are replaced around their pods, a router that is no longer wanted.
  {
    group: 'apps',
    resources: ['statefulsets', 'deployments'],
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
  },
  { group: '', resources: ['services'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  {
    group: 'policy',
    resources: ['poddisruptionbudgets'],
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
  },
  // Where `shardAutoscaling` asks for them.
  {
    group: 'autoscaling',
    resources: ['horizontalpodautoscalers'],
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
  },
  { group: '', resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'create', 'patch'] },
  // Patch: the annotation motif.dev/topology-epoch alone; a ValidatingAdmissionPolicy sees to it.
  { group: '', resources: ['pods'], verbs: ['list', 'watch', 'patch'] },
  // Patch: the fingerprint, and the size where it grows.
  { group: '', resources: ['persistentvolumeclaims'], verbs: ['list', 'watch', 'patch'] },
  // Why a pod cannot start is told in events alone (a Secret that is not there, a quota).
  { group: '', resources: ['events'], verbs: ['list'] },
  { group: 'events.k8s.io', resources: ['events'], verbs: ['create'] },
];

/** What has no namespace: whether a storage class lets claims grow. */
export const CLUSTER_RULES: readonly Rule[] = [
  { group: 'storage.k8s.io', resources: ['storageclasses'], verbs: ['get'] },
];
