/** Kubernetes objects as raw JSON: unknown fields pass through untouched, nothing is converted (no `Date`). */

/** One entry of `metadata.ownerReferences`. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** One entry of `metadata.managedFields`; `fieldsV1` is the API server's set notation (`f:`, `k:`, `v:`, `.`). */
export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: Record<string, unknown>;
  subresource?: string;
}

/** Metadata of an object. What the API server sets is optional: a desired object has none of it. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
  [field: string]: unknown;
}

/**
 * Any object of the API. A kind of one's own extends it: `interface StatefulSet extends KubeObject { spec: … }`.
 * Objects that come out of a store are shared by all readers: never change them, copy them first.
 */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** Names one object of a known resource; `namespace` is absent for cluster-scoped resources. */
export interface ObjectName {
  namespace?: string | undefined;
  name: string;
}

/** `namespace/name`, or `name` for a cluster-scoped object: the key of stores and work queues. */
export function keyOf(object: { metadata: { name: string; namespace?: string } }): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** The inverse of `keyOf`. */
export function parseKey(key: string): ObjectName {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner reference with `controller: true`, if there is one: an object has one controller at most. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** The reference that makes `owner` the controller of another object; `owner` must come from the API server. */
export function controllerReference(owner: KubeObject & { metadata: { uid?: string } }): OwnerReference {
  const { apiVersion, kind } = owner;
  const { name, uid } = owner.metadata;
  if (uid === undefined)
    throw new TypeError(`${kind} ${keyOf(owner)} has no uid: only an object read from the API server can own another`);
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
