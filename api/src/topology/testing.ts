import type { ShardedTopology } from './schema.ts';

/** A topology of three shards named cart, for tests; `changes` replace top-level fields. */
export function exampleTopology(changes: Partial<ShardedTopology> = {}): ShardedTopology {
  return {
    apiVersion: 'motif.dev/topology/v1',
    kind: 'ShardedService',
    service: 'cart',
    namespace: 'shop',
    uid: '4f2a1c9e-0000-4000-8000-000000000001',
    epoch: 7,
    protocol: 'redis',
    port: 6379,
    sharding: { algorithm: 'rendezvous', hash: 'rendezvous/v1', hashTag: '{}' },
    failure: { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '5s', timeout: '1s', onReturn: 'Serve' },
    redis: { multiKey: 'Split', partial: 'Element', admin: 'Refuse' },
    shards: [0, 1, 2].map((i) => ({
      name: `cart-${i}`,
      hashName: `cart-${i}`,
      weight: 1,
      endpoints: [
        { name: `cart-${i}-0`, host: `cart-${i}-0.cart-shards.shop.svc`, ip: `10.244.0.${i + 5}`, port: 6379 },
      ],
    })),
    ...changes,
  };
}

/** The same with shards on loopback `ports`, for tests and benchmarks that start real servers; as many shards as ports. */
export function localTopology(ports: readonly number[], changes: Partial<ShardedTopology> = {}): ShardedTopology {
  const shards = ports.map((port, i) => localShard(port, i));
  return exampleTopology({ epoch: 1, shards, ...changes });
}

/** The shard `cart-<index>` on a loopback port. */
export function localShard(port: number, index: number, weight = 1): ShardedTopology['shards'][number] {
  const endpoints = [{ name: `cart-${index}-0`, host: '127.0.0.1', ip: '127.0.0.1', port }];
  return { name: `cart-${index}`, hashName: `cart-${index}`, weight, endpoints };
}
