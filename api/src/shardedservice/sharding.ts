import { z } from 'zod';
import { described, type Rule, sentence } from '../crd/fields.ts';
import { HASH_TAG_PATTERN } from '../patterns.ts';
import { key } from './key.ts';
import { map, range } from './map-range.ts';
import { notYet } from './not-yet.ts';

export const ALGORITHMS = [
  'rendezvous',
  'ketama',
  'nginx',
  'haproxy',
  'maglev',
  'ring',
  'jump',
  'modulo',
  'map',
  'range',
] as const;

export const HASHES = [
  'xxh64',
  'fnv1a_64',
  'fnv1a_32',
  'fnv1_64',
  'fnv1_32',
  'murmur',
  'md5',
  'crc16',
  'crc32',
  'crc32a',
  'hsieh',
  'jenkins',
  'one_at_a_time',
  'sdbm',
  'djb2',
] as const;

/** `spec.sharding`. */
export const sharding = described(
  z
    .strictObject({
      algorithm: described(
        z.enum(ALGORITHMS).default('rendezvous'),
        'How a key finds its shard. rendezvous (docs/reference/rendezvous-v1.md) moves the fewest keys when shards come or go. For protocol http also map and range: which keys are where is written down, the rest goes by rendezvous. The others are not yet supported.',
        [notYet("self in ['rendezvous', 'map', 'range']", 'self', 'rendezvous, and for http map or range')],
      ),
      hash: described(
        z.enum(HASHES).exactOptional(),
        'The hash of the algorithm. rendezvous has one of its own and takes no other: leave it out.',
        [
          {
            rule: 'false',
            message: 'rendezvous has a hash of its own and takes no other; allowed: leaving it out',
            messageExpression: sentence(
              'found %s: rendezvous has a hash of its own and takes no other; allowed: leaving it out',
              'self',
            ),
          },
        ],
      ),
      avalanche: described(
        z.boolean().default(false),
        "HAProxy's avalanche step, for algorithm haproxy. Not yet supported.",
        [notYet('!self', 'self', 'false')],
      ),
      hashTag: described(
        z.string().max(4).regex(new RegExp(HASH_TAG_PATTERN)).exactOptional(),
        'Two characters: of a key that has something between them only that is hashed, so that such keys live together. None: always the whole key. Redis and memcached have {} unless said otherwise; http has none.',
      ),
      key,
      map,
      range,
      onRemap: described(
        z.enum(['Refuse', 'Remap']).default('Refuse'),
        'Whether shards, weights, algorithm, hash, tag or key may change. Each such change moves keys to other shards, and a store does not find there what it had. Refuse: the change is refused, by kubectl scale too. Remap: it is made; both may come in one edit.',
      ),
      boundedLoadPercent: described(
        z.int().min(101).max(1000).exactOptional(),
        'For protocol http: consistent hashing with bounded loads. A shard that has this much of the mean of requests in flight (by weight) takes no more, and further ones go to the next owner of their key: 125 lets no shard have more than 1.25 times the mean. None: no bound.',
      ),
    })
    .prefault({}),
  'How keys are spread over the shards. Where a key lives is a contract: it changes only with onRemap Remap.',
);

/** Rules of the specification. */
export const algorithmRules: readonly Rule[] = [
  {
    rule: "self.protocol == 'http' || !(self.sharding.algorithm in ['map', 'range'])",
    message: 'does not work for redis yet (not yet supported); allowed: rendezvous',
    messageExpression: sentence(
      'found %s, which does not work for %s yet (not yet supported); allowed: rendezvous',
      'self.sharding.algorithm',
      'self.protocol',
    ),
    fieldPath: '.sharding.algorithm',
  },
];
