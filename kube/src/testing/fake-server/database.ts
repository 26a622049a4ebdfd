import type { KubeObject } from '../../object.ts';
import { type ResourceRef, resourceName } from '../../resource.ts';
import { conflict, expired, notFound } from './status.ts';

/** One write, as watches see it. */
export interface Change {
  readonly version: number;
  readonly resource: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

export type Subresource = 'status' | undefined;

/** Objects of all resources, one counter of versions, and the history that watches read. */
export class Database {
  readonly #tables = new Map<string, Map<string, KubeObject>>();
  readonly #changes: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  #version = 1;
  #oldest = 0;
  #uids = 0;

  get version(): number {
    return this.#version;
  }

  get(ref: ResourceRef, key: string): KubeObject {
    const found = this.find(ref, key);
    if (found === undefined) throw notFound(`${resourceName(ref)} "${key}"`);
    return found;
  }

  find(ref: ResourceRef, key: string): KubeObject | undefined {
    return this.#table(ref).get(key);
  }

  list(ref: ResourceRef, namespace: string | undefined): KubeObject[] {
    const all = [...this.#table(ref).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  /** Stores an object as the next version; `undefined` takes it out. Nothing happens where nothing would change. */
  write(ref: ResourceRef, key: string, object: KubeObject | undefined): KubeObject | undefined {
    const table = this.#table(ref);
    const before = table.get(key);
    if (object !== undefined && before !== undefined && sameContent(before, object)) return before;
    this.#version++;
    const metadata = (object ?? before)?.metadata;
    const stamped = { ...(object ?? before), metadata: { ...metadata, resourceVersion: `${this.#version}` } };
    const after = object === undefined ? undefined : (stamped as KubeObject);
    if (after === undefined) table.delete(key);
    else table.set(key, after);
    // A deletion's event shows the last state under the version of the deletion.
    const shown = after === undefined ? (stamped as KubeObject) : before;
    const change: Change = { version: this.#version, resource: resourceName(ref), before: shown, after };
    this.#changes.push(change);
    for (const listener of [...this.#listeners]) listener(change);
    return after;
  }

  newUid(): string {
    return `00000000-0000-4000-8000-${String(++this.#uids).padStart(12, '0')}`;
  }

  /** What is there now, as a database of its own that stays as it is. */
  snapshot(): Database {
    const copy = new Database();
    copy.#version = this.#version;
    copy.#oldest = this.#version;
    for (const [name, table] of this.#tables) copy.#tables.set(name, new Map(table));
    return copy;
  }

  /** Forgets history up to now: watches and tokens of earlier versions get 410. */
  compact(): void {
    this.#oldest = this.#version;
    this.#changes.length = 0;
  }

  /** The changes after a version; throws `Expired` where they are forgotten. */
  since(version: number): readonly Change[] {
    if (version < this.#oldest) throw expired(`too old resource version: ${version} (${this.#oldest})`);
    return this.#changes.filter((change) => change.version > version);
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #table(ref: ResourceRef): Map<string, KubeObject> {
    const name = resourceName(ref);
    const table = this.#tables.get(name) ?? new Map<string, KubeObject>();
    this.#tables.set(name, table);
    return table;
  }
}

/** Whether two states differ in nothing but the version and the times of `managedFields`. */
function sameContent(before: KubeObject, after: KubeObject): boolean {
  return canonical(before) === canonical(after);
}

/** JSON with sorted keys, without versions and times. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (name, child: unknown) => {
    if (name === 'resourceVersion' || name === 'time') return undefined;
    if (typeof child !== 'object' || child === null || Array.isArray(child)) return child;
    return Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** 409 unless a version that a writer gave is the current one. */
export function checkVersion(given: string | undefined, current: KubeObject): void {
  if (given !== undefined && given !== '' && given !== current.metadata.resourceVersion) {
    throw conflict('the object has been modified; please apply your changes to the latest version and try again');
  }
}

/** 409 unless a uid that a writer gave is the current one. */
export function checkUid(given: string | undefined, current: KubeObject): void {
  if (given !== undefined && given !== current.metadata.uid) {
    throw conflict(`Precondition failed: UID in precondition: ${given}, UID in object meta: ${current.metadata.uid}`);
  }
}
