import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** Where everything of one checkout's cluster is. Paths are absolute; nothing of the cluster is written anywhere else. */
export interface Layout {
  /** Eight hexadecimal digits, different for each checkout (and each `MOTIF_CLUSTER_NAME`). */
  readonly key: string;
  readonly checkout: string;
  /** Built programs and images, shared by all checkouts of a machine. */
  readonly cache: string;
  /** This cluster's state: removed as a whole by `down`. */
  readonly state: string;
  /** One file for each part, and a folder for each node with its pods' logs. */
  readonly log: string;
  readonly pki: string;
  readonly conf: string;
  readonly parts: string;
  readonly kubeconfig: string;
  /** Held while a cluster is started or stopped; beside the state, because `down` removes that. */
  readonly lock: string;
}

export interface LayoutInput {
  readonly checkout: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The key of a checkout's cluster: equal paths and names give equal keys. */
export function clusterKey(checkout: string, name = ''): string {
  return createHash('sha256').update(`${checkout}\0${name}`).digest('hex').slice(0, 8);
}

/**
 * Reads `MOTIF_CACHE` (default `~/.cache/motif`), `MOTIF_STATE` (default `<cache>/clusters`) and `MOTIF_CLUSTER_NAME`
 * (default none: one cluster a checkout; another name is another cluster).
 */
export function createLayout({ checkout, home, env }: LayoutInput): Layout {
  const cache = resolve(checkout, env.MOTIF_CACHE || join(home, '.cache', 'motif'));
  const clusters = resolve(checkout, env.MOTIF_STATE || join(cache, 'clusters'));
  const key = clusterKey(checkout, env.MOTIF_CLUSTER_NAME);
  const state = join(clusters, key);
  return {
    key,
    checkout,
    cache,
    state,
    log: join(state, 'log'),
    pki: join(state, 'pki'),
    conf: join(state, 'conf'),
    parts: join(state, 'parts'),
    kubeconfig: join(state, 'admin.kubeconfig'),
    lock: join(clusters, `${key}.lock`),
  };
}

/** The folder of one node: containerd's and kubelet's data, volumes. */
export function nodeFolder(layout: Layout, node: string): string {
  return join(layout.state, 'nodes', node);
}

/** Where a node's local volumes live; the same path on the host and inside the node. */
export function volumesFolder(layout: Layout, node: string): string {
  return join(nodeFolder(layout, node), 'volumes');
}
