import type { HttpTopology } from '@motif/api';

/** What a shard does with requests. `stall` keeps them; the others answer, well or not. */
export const MODES = ['well', 'garbage', 'crumbs', 'slow-body', 'cut', 'stall', 'large'] as const;
export type Mode = (typeof MODES)[number];

/** From a proof to the process that runs the proxy. */
export type ToProxy = { readonly apply: HttpTopology } | { readonly look: true } | { readonly collect: true };

/** What the proxy's process says about itself; bytes. */
export interface ProxyFigures {
  readonly rss: number;
  readonly heapUsed: number;
  /** Connections of its process, both sides. */
  readonly sockets: number;
  /** CPU used so far, in milliseconds. */
  readonly cpuMs: number;
}

export type FromProxy = { readonly port: number } | { readonly figures: ProxyFigures };

/** From a proof to a process with shards. */
export type ToShards =
  | { readonly mode: Mode; readonly shard: number }
  | { readonly open: boolean; readonly shard: number }
  | { readonly look: true };

/** By shard. */
export interface ShardFigures {
  readonly port: number;
  /** Requests seen. */
  readonly requests: number;
  /** Connections open now. */
  readonly open: number;
}

export type FromShards =
  | { readonly ports: readonly number[] }
  | { readonly shards: readonly ShardFigures[] }
  | { readonly done: true };
