import type { KubeClient } from '../client/types.ts';
import { isConflict, isInvalid, isNotFound } from '../errors.ts';
import type { FieldSet } from '../fields/field-set.ts';
import { controllerReference, type KubeObject, keyOf } from '../object.ts';
import type { ResourceRef } from '../resource.ts';
import { firstDifference, firstUnwanted, withoutValues } from './compare.ts';
import { OwnWrites } from './own-writes.ts';
import { requireOurs } from './ownership.ts';
import type { Applier, ApplyOutcome, EnsureOptions } from './types.ts';

export interface ApplierOptions {
  readonly client: KubeClient;
  /** Default: `motif`. */
  readonly fieldManager?: string;
  /** Shared with whoever reads the caches. */
  readonly ownWrites?: OwnWrites;
}

/** Makes an applier. */
export function createApplier(options: ApplierOptions): Applier {
  return new ServerSideApplier(options);
}

class ServerSideApplier implements Applier {
  readonly #client: KubeClient;
  readonly #manager: string;
  readonly #ownWrites: OwnWrites;
  /** By uid: the difference that an apply did not remove, since the API server or a webhook insists. It is not tried for ever. */
  readonly #insisted = new Map<string, string>();

  constructor({ client, fieldManager = 'motif', ownWrites = new OwnWrites() }: ApplierOptions) {
    this.#client = client;
    this.#manager = fieldManager;
    this.#ownWrites = ownWrites;
  }

  async ensure<T extends KubeObject>(
    ref: ResourceRef,
    desired: KubeObject,
    options: EnsureOptions,
  ): Promise<ApplyOutcome<T>> {
    const wanted = withOwner(desired, options.owner);
    const live = await this.#live<T>(ref, wanted, options);
    if (live === undefined) return this.#create<T>(ref, wanted, options);
    requireOurs(live, options);
    const difference = this.#difference(wanted, live, undefined);
    if (difference === undefined || this.#insisted.get(uidOf(live)) === difference)
      return { action: 'unchanged', object: live };
    const written = await this.#write<T>(ref, wanted, live, options);
    if (written === undefined) return this.ensure<T>(ref, desired, { ...options, live: undefined });
    this.#remember(wanted, written, undefined);
    if (written.metadata.resourceVersion === live.metadata.resourceVersion)
      return { action: 'unchanged', object: written };
    return { action: 'updated', object: written, difference: withoutValues(difference) };
  }

  /**
   * Applies under the uid of the object that was judged: the API server refuses to touch, or to make, any other. Undefined: another is there now,
   * or none, and all is to be judged anew.
   */
  async #write<T extends KubeObject>(
    ref: ResourceRef,
    wanted: KubeObject,
    live: T,
    { signal }: EnsureOptions,
  ): Promise<T | undefined> {
    const object = { ...wanted, metadata: { ...wanted.metadata, uid: uidOf(live) } };
    try {
      return await this.#client.apply<T>(ref, object, { fieldManager: this.#manager, signal });
    } catch (error) {
      if (!isConflict(error) && !isInvalid(error)) throw error;
      const current = await this.#read(ref, wanted, signal);
      if (current !== undefined && uidOf(current) === uidOf(live)) throw error;
      this.#ownWrites.forget(live);
      return undefined;
    }
  }

  async ensureStatus(
    ref: ResourceRef,
    object: KubeObject,
    status: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { apiVersion, kind, metadata } = object;
    const { name, namespace } = metadata;
    const live = this.#ownWrites.newest(object);
    const identity = namespace === undefined ? { name } : { name, namespace };
    const wanted: KubeObject = { apiVersion, kind, metadata: identity, status };
    const difference = this.#difference(wanted, live, 'status');
    if (difference === undefined || this.#insisted.get(`${uidOf(live)}/status`) === difference) return false;
    const body = { ...wanted, metadata: { ...identity, uid: uidOf(live) } };
    const options = { fieldManager: this.#manager, subresource: 'status', signal } as const;
    const written = await this.#client.apply(ref, body, options);
    this.#remember(wanted, written, 'status');
    return written.metadata.resourceVersion !== live.metadata.resourceVersion;
  }

  async #live<T extends KubeObject>(
    ref: ResourceRef,
    wanted: KubeObject,
    options: EnsureOptions,
  ): Promise<T | undefined> {
    if (options.live) return this.#ownWrites.newest(options.live) as T;
    // The cache has nothing, or was not asked: a create is never decided on that alone.
    return this.#read<T>(ref, wanted, options.signal);
  }

  async #read<T extends KubeObject>(
    ref: ResourceRef,
    wanted: KubeObject,
    signal: AbortSignal | undefined,
  ): Promise<T | undefined> {
    try {
      return await this.#client.get<T>(ref, wanted.metadata, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /**
   * Nothing was there a moment ago. Without `force`, an object of others that appeared in between is a conflict and not overwritten; it is
   * then judged as any live object.
   */
  async #create<T extends KubeObject>(
    ref: ResourceRef,
    wanted: KubeObject,
    options: EnsureOptions,
  ): Promise<ApplyOutcome<T>> {
    const { signal } = options;
    try {
      const object = await this.#client.apply<T>(ref, wanted, { fieldManager: this.#manager, force: false, signal });
      this.#remember(wanted, object, undefined);
      return { action: 'created', object };
    } catch (error) {
      const live = isConflict(error) ? await this.#read<T>(ref, wanted, signal) : undefined;
      if (live === undefined) throw error;
      requireOurs(live, options);
      return this.ensure<T>(ref, wanted, { ...options, live });
    }
  }

  #difference(wanted: KubeObject, live: KubeObject, subresource: 'status' | undefined): string | undefined {
    const entry = live.metadata.managedFields?.find(
      (one) => one.manager === this.#manager && one.operation === 'Apply' && one.subresource === subresource,
    );
    const owned = (entry?.fieldsV1 ?? undefined) as FieldSet | undefined;
    const fields = comparable(wanted);
    const different = firstDifference(fields, live, owned);
    if (different !== undefined) return different;
    if (owned === undefined) return `not applied by ${this.#manager} yet`;
    return firstUnwanted(fields, owned);
  }

  #remember(wanted: KubeObject, written: KubeObject, subresource: 'status' | undefined): void {
    this.#ownWrites.record(written);
    const id = subresource === undefined ? uidOf(written) : `${uidOf(written)}/${subresource}`;
    const left = this.#difference(wanted, written, subresource);
    if (left === undefined) this.#insisted.delete(id);
    else {
      // Bounded: an entry lost costs one more apply of an object that the API server leaves as it is.
      if (this.#insisted.size >= MAX_INSISTED) this.#insisted.clear();
      this.#insisted.set(id, left);
    }
  }
}

const MAX_INSISTED = 10_000;

const uidOf = (object: KubeObject): string => object.metadata.uid ?? keyOf(object);

/** What is compared: all but the identity. */
function comparable({ metadata, ...rest }: KubeObject): Record<string, unknown> {
  const { labels, annotations, ownerReferences, finalizers } = metadata;
  const { apiVersion: _apiVersion, kind: _kind, ...fields } = rest as Record<string, unknown>;
  return { metadata: { labels, annotations, ownerReferences, finalizers }, ...fields };
}

function withOwner(desired: KubeObject, owner: KubeObject): KubeObject {
  const others = desired.metadata.ownerReferences?.filter((one) => one.uid !== owner.metadata.uid) ?? [];
  const ownerReferences = [...others, controllerReference(owner)];
  const { status: _ignored, ...rest } = desired;
  return { ...rest, metadata: { ...desired.metadata, ownerReferences } } as KubeObject;
}
