import type { HttpTopology, RedisTopology, TopologyShard } from './schema.ts';

/** A topology of three shards named cart, for tests; `changes` replace top-level fields. */
export function exampleTopology(changes: Partial<RedisTopology> = {}): RedisTopology {
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
    shards: exampleShards(1, 6379),
    ...changes,
  };
}

/** The same for HTTP, two replicas a shard; the key is the header `x-shard-key`, else the path. */
export function exampleHttpTopology(changes: Partial<HttpTopology> = {}): HttpTopology {
  return {
    apiVersion: 'motif.dev/topology/v1',
    kind: 'ShardedService',
    service: 'cart',
    namespace: 'shop',
    uid: '4f2a1c9e-0000-4000-8000-000000000002',
    epoch: 7,
    protocol: 'http',
    port: 8080,
    sharding: { algorithm: 'rendezvous', hash: 'rendezvous/v1', key: ['header:x-shard-key', 'path'] },
    failure: { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '5s', timeout: '1s', onReturn: 'Serve' },
    shards: exampleShards(2, 8080),
    ...changes,
  };
}

function exampleShards(replicas: number, port: number): TopologyShard[] {
  return [0, 1, 2].map((i) => ({
    name: `cart-${i}`,
    hashName: `cart-${i}`,
    weight: 1,
    endpoints: Array.from({ length: replicas }, (_, replica) => ({
      name: `cart-${i}-${replica}`,
      host: `cart-${i}-${replica}.cart-shards.shop.svc`,
      ip: `10.244.${replica}.${i + 5}`,
      port,
    })),
  }));
}

/** The same with shards on loopback `ports`, for tests and benchmarks that start real servers; as many shards as ports. */
export function localTopology(ports: readonly number[], changes: Partial<RedisTopology> = {}): RedisTopology {
  const shards = ports.map((port, i) => localShard(port, i));
  return exampleTopology({ epoch: 1, shards, ...changes });
}

/** The same for HTTP; a list of ports in the place of one makes a shard with a replica on each. */
export function localHttpTopology(
  ports: readonly (number | readonly number[])[],
  changes: Partial<HttpTopology> = {},
): HttpTopology {
  const shards = ports.map((port, i) => localShard(port, i));
  return exampleHttpTopology({ epoch: 1, shards, ...changes });
}

/** The shard `cart-<index>` on a loopback port, or with a replica on each of several. */
export function localShard(port: number | readonly number[], index: number, weight = 1): TopologyShard {
  const ports = typeof port === 'number' ? [port] : port;
  const endpoints = ports.map((each, replica) => ({
    name: `cart-${index}-${replica}`,
    host: '127.0.0.1',
    ip: '127.0.0.1',
    port: each,
  }));
  return { name: `cart-${index}`, hashName: `cart-${index}`, weight, endpoints };
}
