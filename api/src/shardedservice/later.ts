import { z } from 'zod';
import { anyObject, described, listMap, sentence } from '../crd/fields.ts';
import { DATA_KEY_PATTERN, DNS_SUBDOMAIN_PATTERN } from '../patterns.ts';
import { notYet } from './sharding.ts';

/** Fields that are part of the contract and do not work yet. */

/** `spec.external`. */
export const external = described(
  listMap(
    z.strictObject({
      name: described(z.string().min(1).max(63), "The shard's name."),
      address: described(z.string().min(1).max(259), 'host:port.'),
      hashName: described(
        z.string().min(1).max(253).exactOptional(),
        "The shard's identity in every hash. None: its name.",
      ),
      weight: described(
        z.int().min(1).max(32767).exactOptional(),
        'Its share of the keys, relative to the others (1).',
      ),
    }),
    'name',
    256,
  ).exactOptional(),
  'Shards that exist elsewhere, instead of template and shards. Not yet supported.',
  [notYet('self.size() == 0', 'self.size()', 'template and shards instead')],
);

/** `spec.hedge`. */
export const hedge = described(
  z
    .strictObject({
      afterPercentile: described(
        z.int().min(50).max(99).default(95),
        'Which percentile of latency a request waits for.',
      ),
      budgetPercent: described(z.int().min(1).max(100).default(5), 'How many requests more, at most.'),
    })
    .exactOptional(),
  'For protocol http with replicas: a second replica is asked, the slower is cancelled. Not yet supported.',
  [notYet('false', 'self.afterPercentile', 'leaving it out')],
);

/** `spec.shardAutoscaling`. */
export const shardAutoscaling = described(
  z
    .strictObject({
      minReplicas: described(z.int().min(1).max(64).exactOptional(), 'At least so many replicas of a shard.'),
      maxReplicas: described(z.int().min(1).max(64), 'At most so many.'),
      metrics: described(z.array(anyObject()).max(16).exactOptional(), 'As in autoscaling/v2.'),
      behavior: described(anyObject().exactOptional(), 'As in autoscaling/v2.'),
    })
    .exactOptional(),
  'An autoscaler for each shard. Not yet supported.',
  [notYet('false', 'self.maxReplicas', 'leaving it out')],
);

/** `spec.trustedProxies`. */
export const trustedProxies = described(
  z.array(z.string().min(1).max(43)).max(64).exactOptional(),
  'For protocol http: CIDRs whose X-Forwarded-For counts.',
  [
    {
      rule: 'self.size() == 0',
      message: 'applies to protocol http only; allowed: leaving it out',
      messageExpression: sentence('found %s: applies to protocol http only; allowed: leaving it out', 'self'),
    },
  ],
);

/** `spec.geoDatabase`. */
export const geoDatabase = described(
  z
    .strictObject({
      claimName: described(
        z.string().min(1).max(253).regex(new RegExp(DNS_SUBDOMAIN_PATTERN)).exactOptional(),
        'A claim.',
      ),
      configMapName: described(
        z.string().min(1).max(253).regex(new RegExp(DNS_SUBDOMAIN_PATTERN)).exactOptional(),
        'A ConfigMap.',
      ),
      path: described(
        z
          .string()
          .min(1)
          .max(253)
          .regex(new RegExp(DATA_KEY_PATTERN.replace('-._', '-./_'))),
        'The MMDB file.',
      ),
    })
    .exactOptional(),
  'For protocol http: where country(ip) of a request expression looks. Not yet supported.',
  [notYet('false', 'self.path', 'leaving it out')],
);
