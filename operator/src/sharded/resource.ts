import type { ShardedServiceSpec, ShardedServiceStatus } from '@motif/api/shardedservice';
import type { KubeObject } from '@motif/kube';

export type { ShardedServiceSpec, ShardedServiceStatus } from '@motif/api/shardedservice';

/** A ShardedService as the API server stores it: the schema's defaults are filled in. */
export interface ShardedService extends KubeObject {
  metadata: KubeObject['metadata'] & { namespace: string; uid: string; generation: number };
  spec: ShardedServiceSpec;
  status?: ShardedServiceStatus;
}

export type Condition = NonNullable<ShardedServiceStatus['conditions']>[number];

/** What sets one shard apart. */
export type Override = NonNullable<ShardedServiceSpec['overrides']>[number];

/** A key of a Secret of the resource's namespace. */
export type SecretKey = NonNullable<NonNullable<ShardedServiceSpec['auth']>['password']>;
