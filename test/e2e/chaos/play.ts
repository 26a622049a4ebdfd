import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a scene runs: a service with the client of its example, and the load on it. */
export interface Play {
  /** The resource's name, and so that of the router's Service. */
  readonly service: string;
  /** The shards that the load reports on. */
  readonly shards: readonly string[];
  /** The manifest of the resource. */
  readonly resource: string;
  /** The manifest of a pod with an ambassador, whose application the load takes the place of. */
  readonly client: string;
  /** The files that lie beside the load, by name, in the ConfigMap `load`. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Which of them is the load. */
  readonly script: string;
  /** By shard what the load asks for, in the load's own form. */
  readonly keys: Readonly<Record<string, readonly unknown[]>>;
}

/** The programs in a folder, by name. */
export function scriptsIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
