import type { RedisTopology } from '@motif/api/topology';
import type { ShardedService } from '../resource.ts';
import { oneOf } from './topology-failure.ts';

/** How keys of redis find their shard. */
export function redisSharding({ spec }: ShardedService): RedisTopology['sharding'] {
  return { algorithm: 'rendezvous', hash: 'rendezvous/v1', hashTag: spec.sharding?.hashTag ?? '{}' };
}

/** What only a document of protocol redis has. */
export function redisBehaviour(resource: ShardedService): Pick<RedisTopology, 'redis' | 'auth' | 'clientAuth'> {
  const { redis } = resource.spec;
  return {
    redis: {
      multiKey: oneOf(['Split', 'Refuse'], redis?.multiKey),
      partial: oneOf(['Element', 'Whole'], redis?.partial),
      admin: oneOf(['Refuse', 'Allow'], redis?.admin),
    },
    ...credentials(resource),
  };
}

function credentials(resource: ShardedService): Pick<RedisTopology, 'auth' | 'clientAuth'> {
  const { auth, clientAuth } = resource.spec;
  return {
    ...(auth === undefined
      ? {}
      : { auth: { username: auth.username !== undefined, password: auth.password !== undefined } }),
    ...(clientAuth === undefined || clientAuth.length === 0
      ? {}
      : { clientAuth: clientAuth.map(({ username }, i) => ({ username, passwordFile: `client-${i}-password` })) }),
  };
}
