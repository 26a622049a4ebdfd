import { z } from 'zod';
import { MAX_WEIGHT } from '../hashing/rendezvous.ts';
import { DURATION_MAX_LENGTH, DURATION_PATTERN, NAME_MAX_LENGTH } from '../patterns.ts';

/** What the documents of all protocols have in common. */

export const TOPOLOGY_API_VERSION = 'motif.dev/topology/v1';

const portNumber = z.int().min(1).max(65535);
const duration = z.string().max(DURATION_MAX_LENGTH).regex(new RegExp(DURATION_PATTERN));

/** The fields that come first. */
export const header = {
  apiVersion: z.literal(TOPOLOGY_API_VERSION),
  kind: z.literal('ShardedService'),
  service: z.string().min(1).max(NAME_MAX_LENGTH).describe("The resource's name."),
  namespace: z.string().min(1).max(63).describe("The resource's namespace."),
  uid: z.string().min(1).max(128).describe("The resource's uid: epochs of different uids do not compare."),
  epoch: z.int().min(1).describe('Grows by one with each change of anything else here.'),
};

export const port = portNumber.describe('Where clients connect by default.');

const endpoint = z.object({
  name: z.string().min(1).max(63).describe("The endpoint's identity: the pod's name. Never an address."),
  host: z.string().min(1).max(253).describe('A DNS name, where there is one an address that outlives the pod.'),
  ip: z
    .union([z.ipv4(), z.ipv6()])
    .exactOptional()
    .describe('A hint that may be stale: tried first, then the host. Absent as long as the pod has none.'),
  port: portNumber.describe('Where the endpoint listens.'),
});

const shard = z.object({
  name: z.string().min(1).max(63).describe("The shard's name: `<service>-<index>`."),
  hashName: z.string().min(1).max(253).describe("The shard's identity in every hash."),
  weight: z.int().min(1).max(MAX_WEIGHT).describe('Its share, relative to the other shards.'),
  endpoints: z.array(endpoint).max(256).describe('Its pods, ready or not. Empty while there are none.'),
});

export const shards = z
  .array(shard)
  .min(1)
  .max(256)
  .describe('In the order of their index, which numbers them for clients (SCAN) and in `map` and `range`.');

export const failure = z.object({
  onDeadShard: z.enum(['Fail', 'Rehash']).describe('What happens to the keys of a dead shard.'),
  ejectAfter: z.int().min(1).max(1000).describe('Failures in a row until a shard (http: an endpoint) counts as dead.'),
  retryAfter: duration.describe('The first probe of a dead shard; doubles with jitter to 60s.'),
  timeout: duration.describe('Of one command or request.'),
  onReturn: z
    .enum(['Serve', 'Flush'])
    .describe('Whether a shard that was rehashed away comes back with what it had, or empty.'),
});

/** The hash of every algorithm so far; `map` and `range` use it for the rest. */
export const hash = z.literal('rendezvous/v1').describe('The hash, by its published name.');
