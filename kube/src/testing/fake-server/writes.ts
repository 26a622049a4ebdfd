import { minus } from '../../fields/field-set.ts';
import { type KubeObject, keyOf, type ManagedFieldsEntry } from '../../object.ts';
import { apiVersionOf, type ResourceRef, resourceName } from '../../resource.ts';
import { canonical, checkUid, checkVersion, type Database, type Subresource } from './database.ts';
import { changedFields, fieldsOf, merge, ownable, ownedByAny, prune, release, splitEntries } from './ownership.ts';
import { alreadyExists, conflict, invalid } from './status.ts';

/** Who writes, and to which part. */
export interface Writer {
  readonly manager: string;
  readonly subresource: Subresource;
  readonly now: string;
}

/** The API server's writes: defaults of metadata, generation, isolation of status, ownership of fields. */
export class Writes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(ref: ResourceRef, object: KubeObject, writer: Writer): KubeObject {
    const key = keyOf(object);
    if (!object.metadata.name) throw invalid(`${ref.kind}: metadata.name: Required value`);
    if (this.#database.find(ref, key)) throw alreadyExists(`${resourceName(ref)} "${object.metadata.name}"`);
    const { status: _ignored, ...given } = object;
    const made = this.#stamp(ref, given as KubeObject, writer);
    return this.#store(ref, key, {
      ...made,
      metadata: { ...made.metadata, managedFields: this.#update([], {}, made, writer) },
    });
  }

  /** Puts `object` in place of what is there: of the status alone, or of all but the status. */
  update(ref: ResourceRef, key: string, object: KubeObject, writer: Writer): KubeObject {
    const live = this.#database.get(ref, key);
    checkVersion(object.metadata.resourceVersion, live);
    checkUid(object.metadata.uid, live);
    const next = this.#combine(live, object, writer.subresource);
    const entries = this.#update(live.metadata.managedFields ?? [], live, next, writer);
    return this.#finish(ref, key, live, next, entries);
  }

  /** Server-side apply. */
  apply(ref: ResourceRef, key: string, applied: KubeObject, force: boolean, writer: Writer): KubeObject {
    const live = this.#database.find(ref, key);
    const { manager, subresource } = writer;
    if (live === undefined) {
      if (subresource !== undefined) this.#database.get(ref, key);
      if (applied.metadata.uid)
        throw conflict(`uid mismatch: no existing object was found for ${applied.metadata.uid}`);
      const { status: _ignored, ...rest } = applied;
      const made = this.#stamp(ref, rest as KubeObject, writer);
      const entry = this.#entry(ref, writer, 'Apply', fieldsOf(ownable(rest as KubeObject)));
      return this.#store(ref, key, { ...made, metadata: { ...made.metadata, managedFields: [entry] } });
    }
    checkVersion(applied.metadata.resourceVersion, live);
    // Unlike a PUT, an apply that says another uid is told that the field cannot change.
    const { uid } = applied.metadata;
    if (uid !== undefined && uid !== live.metadata.uid)
      throw invalid(`metadata.uid: Invalid value: "${uid}": field is immutable`);
    const wanted = part(applied, subresource);
    const { own, others } = splitEntries(live.metadata.managedFields ?? [], manager, 'Apply', subresource);
    const set = fieldsOf(wanted);
    const before = ownable(live);
    const merged = merge(before, wanted) as Record<string, unknown>;
    const taken = changedFields(before, merged, set);
    const lost = others.flatMap((entry) => (taken && collides(entry, taken) ? [entry.manager] : []));
    if (lost.length > 0 && !force)
      throw conflict(`Apply failed with ${lost.length} conflict: conflict with "${lost[0]}"`);
    const released = lost.length > 0 ? release(others, taken) : others;
    const gone = own === undefined ? undefined : minus(minus(own, set) ?? {}, ownedByAny(released));
    const pruned = gone === undefined ? merged : prune(merged, gone);
    const bare = withoutOwnable(live);
    const next = {
      ...bare,
      ...(pruned as object),
      metadata: { ...bare.metadata, ...metadataOf(pruned) },
    } as KubeObject;
    const entries = [...released, this.#entry(ref, writer, 'Apply', set)];
    return this.#finish(ref, key, live, next, entries);
  }

  remove(
    ref: ResourceRef,
    key: string,
    preconditions: { uid?: string; resourceVersion?: string } | undefined,
    now: string,
  ): KubeObject {
    const live = this.#database.get(ref, key);
    checkUid(preconditions?.uid, live);
    checkVersion(preconditions?.resourceVersion, live);
    if ((live.metadata.finalizers?.length ?? 0) > 0) {
      const deletionTimestamp = live.metadata.deletionTimestamp ?? now;
      return this.#store(ref, key, { ...live, metadata: { ...live.metadata, deletionTimestamp } });
    }
    this.#database.write(ref, key, undefined);
    return live;
  }

  #stamp(ref: ResourceRef, object: KubeObject, { now }: Writer): KubeObject {
    const { resourceVersion: _version, uid: _uid, managedFields: _fields, ...metadata } = object.metadata;
    const stamped = { ...metadata, uid: this.#database.newUid(), creationTimestamp: now, generation: 1 };
    return { ...object, apiVersion: apiVersionOf(ref), kind: ref.kind, metadata: stamped };
  }

  #combine(live: KubeObject, object: KubeObject, subresource: Subresource): KubeObject {
    if (subresource === 'status') return { ...live, status: object.status };
    const { uid, creationTimestamp, generation, deletionTimestamp } = live.metadata;
    const fixed = Object.entries({ uid, creationTimestamp, generation, deletionTimestamp }).filter(
      ([, v]) => v !== undefined,
    );
    const status = live.status === undefined ? {} : { status: live.status };
    const { status: _ignored, ...rest } = object;
    return { ...rest, ...status, metadata: { ...object.metadata, ...Object.fromEntries(fixed) } } as KubeObject;
  }

  #finish(
    ref: ResourceRef,
    key: string,
    live: KubeObject,
    next: KubeObject,
    entries: ManagedFieldsEntry[],
  ): KubeObject {
    const spec = ({ metadata: _m, status: _s, ...rest }: KubeObject) => canonical(rest);
    const generation = (live.metadata.generation ?? 1) + (spec(live) === spec(next) ? 0 : 1);
    const stored = { ...next, metadata: { ...next.metadata, generation, managedFields: entries } };
    const done = stored.metadata.deletionTimestamp !== undefined && (stored.metadata.finalizers?.length ?? 0) === 0;
    if (!done) return this.#store(ref, key, stored);
    this.#database.write(ref, key, undefined);
    return stored;
  }

  #store(ref: ResourceRef, key: string, object: KubeObject): KubeObject {
    return this.#database.write(ref, key, object) ?? object;
  }

  #update(
    entries: readonly ManagedFieldsEntry[],
    before: object,
    after: KubeObject,
    writer: Writer,
  ): ManagedFieldsEntry[] {
    const { manager, subresource } = writer;
    const next = ownable(after);
    const changed = changedFields('metadata' in before ? ownable(before as KubeObject) : {}, next, fieldsOf(next));
    if (changed === undefined) return [...entries];
    const { own, others } = splitEntries(entries, manager, 'Update', subresource);
    const ref = { group: '', version: after.apiVersion } as ResourceRef;
    const fields =
      own === undefined
        ? changed
        : (ownedByAny([
            { ...BLANK, fieldsV1: own },
            { ...BLANK, fieldsV1: changed },
          ]) ?? {});
    return [...release(others, changed), this.#entry(ref, writer, 'Update', fields)];
  }

  #entry(
    ref: ResourceRef,
    { manager, subresource, now }: Writer,
    operation: 'Apply' | 'Update',
    fieldsV1: ReturnType<typeof fieldsOf>,
  ): ManagedFieldsEntry {
    const base = { manager, operation, apiVersion: apiVersionOf(ref), time: now, fieldsType: 'FieldsV1', fieldsV1 };
    return subresource === undefined ? base : { ...base, subresource };
  }
}

const BLANK = { manager: '', operation: 'Update' } as const;

function part(applied: KubeObject, subresource: Subresource): Record<string, unknown> {
  const all = ownable(applied);
  if (subresource === 'status') return { status: all.status };
  const { status: _ignored, ...rest } = all;
  return rest;
}

/** What no writer owns: the identity and what the API server sets. */
function withoutOwnable({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { labels: _l, annotations: _a, ownerReferences: _o, finalizers: _f, ...rest } = metadata;
  return { apiVersion, kind, metadata: rest as KubeObject['metadata'] };
}

function metadataOf(value: unknown): Record<string, unknown> {
  return ((value as { metadata?: Record<string, unknown> }).metadata ?? {}) as Record<string, unknown>;
}

function collides(entry: ManagedFieldsEntry, taken: NonNullable<ReturnType<typeof changedFields>>): boolean {
  const fields = (entry.fieldsV1 ?? {}) as ReturnType<typeof fieldsOf>;
  return JSON.stringify(minus(fields, taken)) !== JSON.stringify(fields);
}
