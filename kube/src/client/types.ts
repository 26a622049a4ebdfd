import type { KubeObject, ObjectName } from '../object.ts';
import type { ResourceRef } from '../resource.ts';

/** Options of every call. */
export interface CallOptions {
  /** Gives the call up, retries included: `KubeApiError` with reason `Aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Time for the whole call, retries included, in ms. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** False: one attempt only (and one more with fresh credentials after 401), for callers with a back-off of their own. Default: true. */
  readonly retry?: boolean | undefined;
}

/** What a list or watch is narrowed to. */
export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListOptions extends CallOptions, Selection {
  /** Objects a page, at most. */
  readonly limit?: number | undefined;
  /** Token of the page before. */
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined;
}

/** One page of a list. Items carry `apiVersion` and `kind` (the API server leaves them out; the client puts them in). */
export interface KubeList<T extends KubeObject = KubeObject> {
  readonly items: T[];
  readonly resourceVersion: string;
  /** Token of the next page; absent on the last. */
  readonly continue?: string | undefined;
  readonly remainingItemCount?: number | undefined;
}

export interface WatchOptions extends CallOptions, Selection {
  readonly resourceVersion: string;
  /** The API server ends the stream after this time, in s. */
  readonly timeoutSeconds: number;
  readonly allowWatchBookmarks?: boolean | undefined;
}

/** One line of a watch stream. */
export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** Options of calls that write. */
export interface WriteOptions extends CallOptions {
  readonly subresource?: 'status' | 'scale' | undefined;
  /** Default: `motif`. */
  readonly fieldManager?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

export interface ApplyOptions extends WriteOptions {
  /** Take fields over from other managers. Default: true. */
  readonly force?: boolean | undefined;
  /** Called when the apply made the object (201): then it needed the verb `create` beside `patch`. */
  readonly onCreated?: (() => void) | undefined;
}

/** A change of one object. Optimistic: with `resourceVersion` in a merge patch's metadata, or a `test` operation. */
export type Patch =
  | { readonly type: 'merge'; readonly body: Record<string, unknown> }
  | { readonly type: 'json'; readonly body: readonly JsonPatchOperation[] };

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

export interface DeleteOptions extends CallOptions {
  /** The delete is refused (Conflict) unless the object has this uid / resourceVersion. */
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
}

/** A call that none of the other methods covers (`/version`, `/readyz`, evictions, …). */
export interface RawRequest extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  /** Whether carrying it out twice is the same as once. Default: true for GET, false otherwise. */
  readonly idempotent?: boolean | undefined;
}

/**
 * Access to the API server on raw JSON.
 *
 * Guarantees: every call ends, with a value or a `KubeApiError`, within `timeoutMs`. 429, 5xx, time-outs and broken connections are
 * retried with jittered back-off inside that time where the call may be carried out twice; `create` only where it was surely not
 * carried out. Conflicts are never retried here. Writes ask for strict field validation.
 */
export interface KubeClient {
  get<T extends KubeObject = KubeObject>(
    ref: ResourceRef,
    target: ObjectName,
    options?: CallOptions & { readonly subresource?: string },
  ): Promise<T>;
  /** One page (all, without `limit`). */
  list<T extends KubeObject = KubeObject>(ref: ResourceRef, options?: ListOptions): Promise<KubeList<T>>;
  /** Pages of 500 one after the other. A continue token that expires in between surfaces as 410 (`isGone`). */
  listAll<T extends KubeObject = KubeObject>(ref: ResourceRef, options?: ListOptions): AsyncIterable<KubeList<T>>;
  /**
   * Opens a watch; resolves when the API server has answered with 200. The iterable ends when the server ends the stream; it throws
   * `WatchProtocolError` on a malformed or oversized line and `KubeApiError` when the connection breaks. `timeoutMs` limits the opening only.
   */
  watch<T extends KubeObject = KubeObject>(
    ref: ResourceRef,
    options: WatchOptions,
  ): Promise<AsyncIterable<WatchEvent<T>>>;
  /** Server-side apply. */
  apply<T extends KubeObject = KubeObject>(ref: ResourceRef, object: KubeObject, options?: ApplyOptions): Promise<T>;
  create<T extends KubeObject = KubeObject>(ref: ResourceRef, object: KubeObject, options?: WriteOptions): Promise<T>;
  /** PUT of a whole object; give `metadata.resourceVersion`, or a writer in between is overwritten. */
  replace<T extends KubeObject = KubeObject>(ref: ResourceRef, object: KubeObject, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject = KubeObject>(
    ref: ResourceRef,
    target: ObjectName,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T>;
  /** Resolves also when the object is gone after a first attempt of unknown outcome. A plain 404 is thrown. */
  delete(ref: ResourceRef, target: ObjectName, options?: DeleteOptions): Promise<void>;
  request<T = unknown>(request: RawRequest): Promise<T>;
  /** Closes connections; running calls end with `Aborted`. */
  close(): Promise<void>;
}
