import type { RedisTopology } from '@motif/api';

/** What a test's topology has differently. */
export type TopologyChanges = Partial<Omit<RedisTopology, 'failure' | 'redis' | 'shards'>> & {
  readonly failure?: Partial<RedisTopology['failure']>;
  readonly redis?: Partial<RedisTopology['redis']>;
};

/** The topology of a service `cart` whose shards listen on these ports of the loopback interface. */
export function topologyOf(ports: readonly number[], changes: TopologyChanges = {}): RedisTopology {
  const { failure, redis, ...rest } = changes;
  return {
    apiVersion: 'motif.dev/topology/v1',
    kind: 'ShardedService',
    service: 'cart',
    namespace: 'shop',
    uid: '00000000-0000-0000-0000-000000000001',
    epoch: 1,
    protocol: 'redis',
    port: 6379,
    sharding: { algorithm: 'rendezvous', hash: 'rendezvous/v1', hashTag: '{}' },
    ...rest,
    failure: { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '250ms', timeout: '1s', onReturn: 'Serve', ...failure },
    redis: { multiKey: 'Split', partial: 'Element', admin: 'Refuse', ...redis },
    shards: ports.map((port, i) => ({
      name: `cart-${i}`,
      hashName: `cart-${i}`,
      weight: 1,
      endpoints: [{ name: `cart-${i}-0`, host: '127.0.0.1', port }],
    })),
  };
}
