import type { KubeObject } from '../object.ts';
import type { ResourceRef } from '../resource.ts';
import type { StoreEvent, StoreReader } from '../store/types.ts';

/** Why a list is not believed yet (DESIGN §2: nothing is deleted in bulk on the strength of one answer). */
export interface Suspicion {
  /** `Empty`, `Shrunk` (below half of what was there) or `NotFound` (the collection answers 404). */
  readonly reason: 'Empty' | 'Shrunk' | 'NotFound';
  readonly before: number;
  readonly after: number;
  /** `clock.now()` of the first such answer. */
  readonly since: number;
}

/** Keeps a store equal to the API server: list, then watch, for ever. */
export interface Informer<T extends KubeObject = KubeObject> {
  readonly resource: ResourceRef;
  readonly store: StoreReader<T>;
  /** Whether the first list is complete. */
  readonly synced: boolean;
  /** Set while a list is being doubted: the store keeps the last good state and must not be read as proof of absence. */
  readonly suspicion: Suspicion | undefined;
  /** Calls for every change from now on, and for what is there already (as `added`, initial). A handler that throws is logged and counted. */
  subscribe(handler: (event: StoreEvent<T>) => void): () => void;
  /** Runs until the signal fires. Rejects only on a programming error. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves once synced; rejects when the signal fires before. */
  waitForSync(signal: AbortSignal): Promise<void>;
  /** Hands every object to the handlers again as `updated` with itself, `initial: true`: the slow resync. */
  resync(): void;
}

/** Told of what an informer goes through, for metrics. */
export interface InformerObserver {
  /** A whole list was taken in. */
  listed(resource: ResourceRef): void;
  /** A list or watch failed; `kind` as in the watch machine. */
  failed(resource: ResourceRef, kind: string): void;
  state(resource: ResourceRef, state: { readonly size: number; readonly suspect: boolean }): void;
  handlerFailed(): void;
}
