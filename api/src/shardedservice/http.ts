import { z } from 'zod';
import { described, type Rule, sentence } from '../crd/fields.ts';
import { DNS_SUBDOMAIN_PATTERN } from '../patterns.ts';
import { onlyFor } from './not-yet.ts';

/** `spec.hedge`. */
export const hedge = described(
  z
    .strictObject({
      afterPercentile: described(
        z.int().min(50).max(99).default(95),
        "For how long a request waits until a second replica is asked: this percentile of the shard's latency.",
      ),
      budgetPercent: described(z.int().min(1).max(100).default(5), 'How many requests more, at most, in percent.'),
    })
    .exactOptional(),
  'For protocol http with several replicas: when a replica is late to answer a request that may be repeated, another one is asked too, and the slower is cancelled. None: never.',
);

const CIDR = '10.0.0.0/8 or fd00::/8';

/** `spec.trustedProxies`. */
export const trustedProxies = described(
  z
    .array(
      described(z.string().min(1).max(43), 'A CIDR.', [
        {
          rule: 'isCIDR(self)',
          message: `not a CIDR; allowed: for instance ${CIDR}`,
          messageExpression: sentence(`found %s, which is not a CIDR; allowed: for instance ${CIDR}`, 'self'),
        },
      ]),
    )
    .max(64)
    .exactOptional(),
  'For protocol http: CIDRs whose X-Forwarded-For counts. From all others it is replaced by what is seen here.',
);

const objectName = z.string().min(1).max(253).regex(new RegExp(DNS_SUBDOMAIN_PATTERN)).exactOptional();

/** `spec.geoDatabase`. */
export const geoDatabase = described(
  z
    .strictObject({
      claimName: described(objectName, 'A claim of the same namespace that holds it, readable by many pods.'),
      configMapName: described(
        objectName,
        'A ConfigMap of the same namespace that holds it, which has room for 1 MiB.',
      ),
      path: described(
        z
          .string()
          .min(1)
          .max(253)
          .regex(/^[-_a-zA-Z0-9][-._a-zA-Z0-9]*(\/[-_a-zA-Z0-9][-._a-zA-Z0-9]*)*$/),
        'The MMDB file: a relative path in the claim, or a key of the ConfigMap.',
      ),
    })
    .exactOptional(),
  'For protocol http: the database of countries in which country(ip) of a request expression looks. None: country(ip) is refused.',
  [
    {
      rule: 'has(self.claimName) != has(self.configMapName)',
      message: 'found both or neither of claimName and configMapName; allowed: exactly one',
      messageExpression: sentence(
        'found %s of claimName and configMapName; allowed: exactly one',
        "(has(self.claimName) ? 'both' : 'neither')",
      ),
    },
    {
      rule: "!has(self.configMapName) || !self.path.contains('/')",
      message: 'a ConfigMap has no folders; allowed: the name of a key',
      messageExpression: sentence('found %s, but a ConfigMap has no folders; allowed: the name of a key', 'self.path'),
      fieldPath: '.path',
    },
  ],
);

const notForHttp = (field: string): Rule => ({
  rule: `self.protocol != 'http' || !has(self.${field})`,
  message: 'does not work for http yet (not yet supported); allowed: leaving it out',
  fieldPath: `.${field}`,
});

/** Rules of the specification: what only http has, and what http does not have. */
export const httpRules: readonly Rule[] = [
  onlyFor('http', 'hedge', 'self.hedge.afterPercentile'),
  onlyFor('http', 'geoDatabase', 'self.geoDatabase.path'),
  onlyFor('http', 'shardAutoscaling', 'self.shardAutoscaling.maxReplicas'),
  onlyFor('http', 'sharding.boundedLoadPercent', 'self.sharding.boundedLoadPercent'),
  {
    ...onlyFor('http', 'trustedProxies', 'self.trustedProxies'),
    rule: "self.protocol == 'http' || !has(self.trustedProxies) || self.trustedProxies.size() == 0",
  },
  {
    rule: "self.protocol != 'http' || !has(self.sharding.hashTag)",
    message: 'does not apply to protocol http, whose key expressions say what is hashed; allowed: leaving it out',
    messageExpression: sentence(
      'found %s: does not apply to protocol http, whose key expressions say what is hashed; allowed: leaving it out',
      'self.sharding.hashTag',
    ),
    fieldPath: '.sharding.hashTag',
  },
  {
    rule: "self.protocol != 'http' || self.failure.onReturn == 'Serve'",
    message: 'found Flush, but HTTP has no request that empties a shard; allowed: Serve',
    fieldPath: '.failure.onReturn',
  },
  {
    rule: "self.protocol == 'redis' || !has(self.redis)",
    message: 'applies to protocol redis only; allowed: leaving it out',
    messageExpression: sentence(
      'found it with protocol %s: applies to protocol redis only; allowed: leaving it out',
      'self.protocol',
    ),
    fieldPath: '.redis',
  },
  notForHttp('auth'),
  notForHttp('clientAuth'),
  {
    rule: '!has(self.hedge) || self.replicas > 1 || (has(self.overrides) && self.overrides.exists(o, has(o.replicas) && o.replicas > 1)) || (has(self.shardAutoscaling) && self.shardAutoscaling.maxReplicas > 1)',
    message: 'no shard has a second replica to ask; allowed: leaving it out, or replicas above 1',
    messageExpression: sentence(
      'found it with replicas %d, where no shard has a second one to ask; allowed: leaving it out, or more replicas',
      'self.replicas',
    ),
    fieldPath: '.hedge',
  },
];
