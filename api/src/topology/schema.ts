import { z } from 'zod';
import { contradictions } from './contradictions.ts';
import { failure, header, port, shards } from './parts.ts';
import { httpBehaviour, httpSharding } from './parts-http.ts';
import { redisBehaviour, redisCredentials, redisSharding } from './parts-redis.ts';

/** The key of the ConfigMap `<name>-topology` that holds the document, and so its file's name. */
export const TOPOLOGY_KEY = 'topology.json';

/** The document where the shards speak Redis. */
export const redisTopology = z.object({
  ...header,
  protocol: z.literal('redis').describe('What the shards speak.'),
  port,
  sharding: redisSharding,
  failure,
  redis: redisBehaviour,
  ...redisCredentials,
  shards,
});

/** The document where the shards speak HTTP. */
export const httpTopology = z.object({
  ...header,
  protocol: z.literal('http').describe('What the shards speak.'),
  port,
  sharding: httpSharding,
  failure,
  ...httpBehaviour,
  shards,
});

/**
 * The topology document of a ShardedService. Fields that a reader does not know are left out silently, because a container
 * stays at its version while the operator goes on; a value that it does not know makes the document unusable.
 */
export const shardedTopology = z
  .discriminatedUnion('protocol', [redisTopology, httpTopology], {
    error: ({ code }) => (code === 'invalid_union' ? 'expected one of "redis", "http"' : undefined),
  })
  .superRefine((topology, context) => {
    for (const { path, message } of contradictions(topology)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

export type RedisTopology = z.infer<typeof redisTopology>;
export type HttpTopology = z.infer<typeof httpTopology>;

/** What the operator tells the data plane about a ShardedService; `protocol` tells which. */
export type ShardedTopology = RedisTopology | HttpTopology;
export type TopologyShard = ShardedTopology['shards'][number];
export type TopologyEndpoint = TopologyShard['endpoints'][number];

/** Any topology document; further kinds join the union. */
export type Topology = ShardedTopology;
