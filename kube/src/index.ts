/** Access to the Kubernetes API: see DESIGN §1. Everything else in this package is private. */
export { type ApplierOptions, createApplier } from './apply/applier.ts';
export { isNewer, OwnWrites } from './apply/own-writes.ts';
export { isOurs, requireOurs } from './apply/ownership.ts';
export { holdsQuantity, sameQuantity } from './apply/quantity.ts';
export type { Applier, ApplyOutcome, EnsureOptions, Ownership } from './apply/types.ts';
export type { CallObservation } from './client/caller.ts';
export { createKubeClient, FIELD_MANAGER, type KubeClientOptions, PAGE_SIZE } from './client/client.ts';
export type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  JsonPatchOperation,
  KubeClient,
  KubeList,
  ListOptions,
  Patch,
  RawRequest,
  Selection,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './client/types.ts';
export { type InClusterOptions, inClusterConnection } from './connection/in-cluster.ts';
export { type KubeconfigOptions, kubeconfigConnection } from './connection/kubeconfig.ts';
export { plainConnection } from './connection/plain.ts';
export { ConnectionConfigError, type KubeConnection, type TlsOptions } from './connection/types.ts';
export {
  type ApiStatus,
  isAborted,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isNotFound,
  isTimeout,
  isTooManyRequests,
  isUnauthorized,
  KubeApiError,
  type KubeApiErrorFields,
  NameConflictError,
  WatchProtocolError,
} from './errors.ts';
export { createEventRecorder, type EventRecorderOptions } from './events/recorder.ts';
export type { EventInput, EventRecorder } from './events/types.ts';
export { createInformer, type InformerOptions, WATCH_TIMING, type WatchTiming } from './informer/informer.ts';
export type { Informer, InformerObserver, Suspicion } from './informer/types.ts';
export {
  controllerOf,
  controllerReference,
  type KubeObject,
  keyOf,
  type ManagedFieldsEntry,
  type ObjectMeta,
  type ObjectName,
  type OwnerReference,
  parseKey,
} from './object.ts';
export {
  apiVersionOf,
  collectionPath,
  isOfResource,
  objectPath,
  type ResourceRef,
  resourceName,
  resources,
} from './resource.ts';
export { Store } from './store/store.ts';
export type { Indexers, StoreEvent, StoreReader } from './store/types.ts';
