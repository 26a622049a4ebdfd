import type { ShardedTopology } from '@motif/api';
import type { ShardLoad } from '@motif/chassis/load/shard-loads';
import type { CheckResult, ContainerContext } from '@motif/kit';
import type { ShardingSettings } from './settings.ts';

/** What the container's parts get to work with. */
export type Context = ContainerContext<ShardingSettings>;

/** Host and port. */
export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** The proxy of one protocol. */
export interface ShardingProxy {
  /** A topology of the protocol comes into force. @returns when clients can connect */
  apply(topology: ShardedTopology): Promise<void>;
  /** For `/readyz`. */
  readonly check: () => CheckResult;
  /** What each shard has to do. */
  loads(): ShardLoad[];
  drain(deadline: AbortSignal): Promise<void>;
}

/** Makes the proxy of a topology's protocol. */
export type MakeProxy = (topology: ShardedTopology, listen: Listen) => Promise<ShardingProxy>;
