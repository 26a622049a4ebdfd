import type { KubeObject } from '../../object.ts';
import { apiVersionOf, type ResourceRef } from '../../resource.ts';
import type { Database } from './database.ts';
import { matches } from './selectors.ts';
import { expired } from './status.ts';

interface Snapshot {
  readonly version: number;
  readonly items: readonly KubeObject[];
}

/** Lists in pages that all show one version; compaction lets tokens expire. */
export class Pages {
  readonly #database: () => Database;
  readonly #snapshots = new Map<string, Snapshot>();
  #tokens = 0;

  constructor(database: () => Database) {
    this.#database = database;
  }

  list(ref: ResourceRef, namespace: string | undefined, query: URLSearchParams): unknown {
    const token = query.get('continue');
    const snapshot = token === null ? this.#take(ref, namespace, query) : this.#resume(token);
    const limit = Number(query.get('limit') ?? 0) || snapshot.items.length;
    const items = snapshot.items.slice(0, limit).map(withoutType);
    const rest = snapshot.items.slice(limit);
    const metadata: Record<string, unknown> = { resourceVersion: `${snapshot.version}` };
    if (rest.length > 0) {
      const next = `token-${++this.#tokens}`;
      this.#snapshots.set(next, { version: snapshot.version, items: rest });
      Object.assign(metadata, { continue: next, remainingItemCount: rest.length });
    }
    return { kind: `${ref.kind}List`, apiVersion: apiVersionOf(ref), metadata, items };
  }

  #take(ref: ResourceRef, namespace: string | undefined, query: URLSearchParams): Snapshot {
    const all = this.#database().list(ref, namespace);
    const items = all.filter((object) => matches(object, query.get('labelSelector'), query.get('fieldSelector')));
    return { version: this.#database().version, items };
  }

  #resume(token: string): Snapshot {
    const snapshot = this.#snapshots.get(token);
    if (snapshot === undefined) throw expired('The provided continue parameter is too old');
    this.#database().since(snapshot.version);
    return snapshot;
  }
}

/** Items of lists come without apiVersion and kind. */
function withoutType({ apiVersion: _apiVersion, kind: _kind, ...rest }: KubeObject): unknown {
  return rest;
}
