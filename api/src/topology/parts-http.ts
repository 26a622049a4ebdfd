import { z } from 'zod';
import { hash } from './parts.ts';

/** What only documents of protocol http have. */

const cidr = z.union([z.cidrv4(), z.cidrv6()]);
const isCidr = (text: string): boolean => cidr.safeParse(text).success;

const shardIndex = z.int().min(0).max(255).describe('An index into `shards`.');

export const httpSharding = z.object({
  algorithm: z.enum(['rendezvous', 'map', 'range']).describe('How a key finds its shard.'),
  hash,
  key: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(8)
    .describe('Request expressions, of which the first that is present is the key.'),
  map: z
    .array(z.object({ value: z.string().min(1).max(256).describe('A whole key, UTF-8.'), shard: shardIndex }))
    .min(1)
    .max(1024)
    .exactOptional()
    .describe('With algorithm map, and only then: which shard owns which key. The rest go by rendezvous.'),
  range: z
    .array(z.object({ from: z.string().max(256).describe('The first key, UTF-8.'), shard: shardIndex }))
    .min(1)
    .max(1024)
    .exactOptional()
    .describe(
      'With algorithm range, and only then: which shard owns the keys from one on up to the next higher one, compared byte by byte. Keys below the lowest go by rendezvous.',
    ),
  boundedLoadPercent: z
    .int()
    .min(101)
    .max(1000)
    .exactOptional()
    .describe('No shard has more than this much of the mean load by weight. Absent: no bound.'),
});

/** The directory under which a database of countries is mounted. */
export const GEO_DIRECTORY = '/etc/motif/geo';

export const httpBehaviour = {
  hedge: z
    .object({
      afterPercentile: z.int().min(50).max(99).describe('Which percentile of latency a request waits for.'),
      budgetPercent: z.int().min(1).max(100).describe('How many requests more, at most.'),
    })
    .exactOptional()
    .describe('A second replica of the shard is asked when the first is late. Absent: never.'),
  trustedProxies: z
    .array(z.string().max(43).refine(isCidr, 'expected a CIDR such as 10.0.0.0/8 or fd00::/8'))
    .min(1)
    .max(64)
    .exactOptional()
    .describe('Whose X-Forwarded-For counts. Absent: nobody’s.'),
  geoDatabase: z
    .object({
      file: z
        .string()
        .max(512)
        .regex(/^\/etc\/motif\/geo(\/[-_a-zA-Z0-9][-._a-zA-Z0-9]*)+$/)
        .describe('The MMDB file in the container.'),
    })
    .exactOptional()
    .describe('Where `country(ip)` looks. Absent: no expression of `key` asks.'),
};
