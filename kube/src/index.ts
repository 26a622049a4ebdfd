/** Access to the Kubernetes API: see DESIGN §1. Everything else in this package is private. */
export type { Applier, ApplyOutcome, EnsureOptions, Ownership } from './apply/types.ts';
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
export type { EventInput, EventRecorder } from './events/types.ts';
export type { Informer, Suspicion } from './informer/types.ts';
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
export type { Indexers, StoreEvent, StoreReader } from './store/types.ts';
