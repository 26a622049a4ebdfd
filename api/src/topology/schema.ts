import { z } from 'zod';
import { findHashNameCollision } from '../hashing/names.ts';
import { MAX_WEIGHT } from '../hashing/rendezvous.ts';
import { DURATION_MAX_LENGTH, DURATION_PATTERN, HASH_TAG_PATTERN, NAME_MAX_LENGTH } from '../patterns.ts';

export const TOPOLOGY_API_VERSION = 'motif.dev/topology/v1';

/** The key of the ConfigMap `<name>-topology` that holds the document, and so its file's name. */
export const TOPOLOGY_KEY = 'topology.json';

const port = z.int().min(1).max(65535);
const duration = z.string().max(DURATION_MAX_LENGTH).regex(new RegExp(DURATION_PATTERN));

const endpoint = z.object({
  name: z.string().min(1).max(63).describe("The endpoint's identity: the pod's name. Never an address."),
  host: z.string().min(1).max(253).describe('A DNS name, where there is one an address that outlives the pod.'),
  ip: z
    .union([z.ipv4(), z.ipv6()])
    .exactOptional()
    .describe('A hint that may be stale: tried first, then the host. Absent as long as the pod has none.'),
  port: port.describe('Where the endpoint listens.'),
});

const shard = z.object({
  name: z.string().min(1).max(63).describe("The shard's name: `<service>-<index>`."),
  hashName: z.string().min(1).max(253).describe("The shard's identity in every hash."),
  weight: z.int().min(1).max(MAX_WEIGHT).describe('Its share, relative to the other shards.'),
  endpoints: z.array(endpoint).max(256).describe('Its pods, ready or not. Empty while there are none.'),
});

const sharding = z.object({
  algorithm: z.literal('rendezvous').describe('How a key finds its shard.'),
  hash: z.literal('rendezvous/v1').describe('The hash, by its published name.'),
  hashTag: z
    .string()
    .regex(new RegExp(HASH_TAG_PATTERN))
    .describe('Only what stands between the two characters is hashed; `None`: the whole key.'),
});

const failure = z.object({
  onDeadShard: z.enum(['Fail', 'Rehash']).describe('What happens to the keys of a dead shard.'),
  ejectAfter: z.int().min(1).max(1000).describe('Failures in a row until a shard counts as dead.'),
  retryAfter: duration.describe('The first probe of a dead shard; doubles with jitter to 60s.'),
  timeout: duration.describe('Of one command.'),
  onReturn: z
    .enum(['Serve', 'Flush'])
    .describe('Whether a shard that was rehashed away comes back with what it had, or empty.'),
});

const redis = z.object({
  multiKey: z.enum(['Split', 'Refuse']).describe('Commands with keys of several shards.'),
  partial: z
    .enum(['Element', 'Whole'])
    .describe('MGET with a dead shard: an error for its elements, or for the whole.'),
  admin: z.enum(['Refuse', 'Allow']).describe('Administration commands.'),
});

const clientCredential = z.object({
  username: z.string().min(1).max(128),
  passwordFile: z
    .string()
    .regex(/^client-[0-9]{1,2}-password$/)
    .describe('A file in the directory that SECRETS_DIR names.'),
});

/**
 * The topology document of a ShardedService. Fields that a reader does not know are left out silently, because a container
 * stays at its version while the operator goes on; a value that it does not know makes the document unusable.
 */
export const shardedTopology = z
  .object({
    apiVersion: z.literal(TOPOLOGY_API_VERSION),
    kind: z.literal('ShardedService'),
    service: z.string().min(1).max(NAME_MAX_LENGTH).describe("The resource's name."),
    namespace: z.string().min(1).max(63).describe("The resource's namespace."),
    uid: z.string().min(1).max(128).describe("The resource's uid: epochs of different uids do not compare."),
    epoch: z.int().min(1).describe('Grows by one with each change of anything else here.'),
    protocol: z.literal('redis').describe('What the shards speak.'),
    port: port.describe('Where clients connect by default.'),
    sharding,
    failure,
    redis,
    auth: z
      .object({ username: z.boolean(), password: z.boolean() })
      .exactOptional()
      .describe('Towards the shards: which of the files `auth-username` and `auth-password` exist. Absent: neither.'),
    clientAuth: z.array(clientCredential).min(1).max(32).exactOptional().describe('Who may connect. Absent: anyone.'),
    shards: z
      .array(shard)
      .min(1)
      .max(256)
      .describe('In the order of their index, which numbers them for clients (SCAN).'),
  })
  .superRefine((topology, context) => {
    const repeated = (values: readonly string[], path: (index: number) => (string | number)[]): void => {
      for (const [index, value] of values.entries()) {
        const message = 'expected a value of its own, but an earlier entry has the same';
        if (values.indexOf(value) !== index) context.addIssue({ code: 'custom', path: path(index), message });
      }
    };
    repeated(
      topology.shards.map(({ name }) => name),
      (i) => ['shards', i, 'name'],
    );
    repeated(topology.clientAuth?.map(({ username }) => username) ?? [], (i) => ['clientAuth', i, 'username']);
    const clash = findHashNameCollision(topology.shards.map(({ hashName }) => hashName));
    if (clash !== undefined) {
      const message = `expected a name whose hash differs from that of "${clash.names[0]}" (shards[${clash.first}])`;
      context.addIssue({ code: 'custom', path: ['shards', clash.second, 'hashName'], message });
    }
  });

/** What the operator tells the data plane about a ShardedService. */
export type ShardedTopology = z.infer<typeof shardedTopology>;
export type TopologyShard = ShardedTopology['shards'][number];
export type TopologyEndpoint = TopologyShard['endpoints'][number];

/** Any topology document; further kinds join the union. */
export type Topology = ShardedTopology;
