import type { KubeObject } from '../object.ts';
import type { ResourceRef } from '../resource.ts';

/** Whose objects the applier may write. */
export interface Ownership {
  /** The resource that owns what is applied; from the API server (has a uid). */
  readonly owner: KubeObject;
  /** An object without a controller is adopted when it carries all of these labels (kind and service of ours). */
  readonly adoptLabels: Readonly<Record<string, string>>;
}

export interface EnsureOptions extends Ownership {
  readonly signal?: AbortSignal | undefined;
  /** The object as the store knows it; absent: it is read from the API server. `null`: the store says there is none. */
  readonly live?: KubeObject | null | undefined;
}

/** What became of one object. `difference` names the first field that differed: `spec.template.spec.containers[name=redis].image: "a" -> "b"`. */
export type ApplyOutcome<T extends KubeObject = KubeObject> =
  | { readonly action: 'created'; readonly object: T }
  | { readonly action: 'updated'; readonly object: T; readonly difference: string }
  | { readonly action: 'unchanged'; readonly object: T };

/** Brings objects to what is desired with the fewest writes: none when nothing differs. */
export interface Applier {
  /**
   * Server-side apply of `desired` (without status) when the live object differs in a field that we want or own.
   * The controller reference to `owner` is added. Throws `NameConflictError` for an object that is not ours.
   */
  ensure<T extends KubeObject = KubeObject>(
    ref: ResourceRef,
    desired: KubeObject,
    options: EnsureOptions,
  ): Promise<ApplyOutcome<T>>;
  /** Applies the `status` subresource of `object` when it differs. Returns whether it was written. */
  ensureStatus(
    ref: ResourceRef,
    object: KubeObject,
    status: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<boolean>;
}
