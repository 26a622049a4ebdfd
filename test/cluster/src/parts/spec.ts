import type { Layout } from '../base/layout.ts';
import type { Subnet } from '../host/subnets.ts';

/** The programs that were built for the cluster, by absolute path. */
export interface Programs {
  readonly kube: string;
  readonly pause: string;
  readonly helm: string;
  readonly coredns: string;
  readonly metricsServer: string;
  /** The Node.js that runs this. */
  readonly node: string;
}

/** What the arguments and configuration of every part are made from. */
export interface Plan {
  readonly layout: Layout;
  readonly subnet: Subnet;
  readonly programs: Programs;
}

/** One long-running program of the cluster. */
export interface PartSpec {
  readonly name: string;
  /** The machine whose namespaces it runs in. */
  readonly machine: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files written before it starts. */
  readonly files?: readonly ConfigFile[];
  readonly health: Health;
}

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** How to see that a part serves: an HTTP address that answers 200, a socket of its machine that accepts, or only that it runs. */
export type Health = { readonly url: string } | { readonly socket: string } | { readonly alive: true };

/** `--name=value` for each entry, in the entries' order. */
export function flags(entries: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(entries).map(([name, value]) => `--${name}=${value}`);
}
