import { z } from 'zod';
import { described, listMap, type Rule, sentence } from '../crd/fields.ts';
import { HASH_TAG_PATTERN } from '../patterns.ts';

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

/** A rule that lets through only what works by now; `found` is CEL for the value to show. */
export function notYet(rule: string, found: string, allowed: string, what = 'does not work yet'): Rule {
  return {
    rule,
    message: `${what} (not yet supported); allowed: ${allowed}`,
    messageExpression: sentence(`found %s, which ${what} (not yet supported); allowed: ${allowed}`, found),
  };
}

const shardIndex = described(z.int().min(0).max(255), "The shard's index, from 0.");

const map = described(
  z
    .array(z.strictObject({ value: described(z.string().max(256), 'A key.'), shard: shardIndex }))
    .max(1024)
    .exactOptional(),
  'For algorithm map: which shard owns which key; the rest go by rendezvous. Not yet supported.',
  [notYet('self.size() == 0', 'self.size()', 'none')],
);

const range = described(
  z
    .array(z.strictObject({ from: described(z.string().max(256), 'The first key of the range.'), shard: shardIndex }))
    .max(1024)
    .exactOptional(),
  'For algorithm range: which shard owns the keys from one on up to the next. Not yet supported.',
  [notYet('self.size() == 0', 'self.size()', 'none')],
);

/** `spec.sharding`. */
export const sharding = described(
  z
    .strictObject({
      algorithm: described(
        z.enum(ALGORITHMS).default('rendezvous'),
        'How a key finds its shard. rendezvous (docs/reference/rendezvous-v1.md) moves the fewest keys when shards come or go, and is the only one supported so far.',
        [notYet("self == 'rendezvous'", 'self', 'rendezvous')],
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
        'Two characters: of a key that has something between them only that is hashed, so that such keys live together. None: always the whole key. Redis and memcached have {} unless said otherwise.',
      ),
      key: described(
        z.array(z.string().min(1).max(256)).max(8).exactOptional(),
        'What of a request is its key: request expressions, of which the first that is present counts. For protocol http only.',
        [
          {
            rule: 'self.size() == 0',
            message:
              'applies to protocol http only: the commands of redis say themselves what their keys are; allowed: leaving it out',
            messageExpression: sentence(
              'found %s: applies to protocol http only, the commands of redis say themselves what their keys are; allowed: leaving it out',
              'self',
            ),
          },
        ],
      ),
      map,
      range,
      onRemap: described(
        z.enum(['Refuse', 'Remap']).default('Refuse'),
        'Whether shards, weights, algorithm, hash, tag or key may change. Each such change moves keys to other shards, and a store does not find there what it had. Refuse: the change is refused, by kubectl scale too. Remap: it is made; both may come in one edit.',
      ),
      boundedLoadPercent: described(
        z.int().min(101).max(1000).exactOptional(),
        'For protocol http: no shard has more than this much of the mean load. Not yet supported.',
        [notYet('false', 'self', 'leaving it out')],
      ),
    })
    .prefault({}),
  'How keys are spread over the shards. Where a key lives is a contract: it changes only with onRemap Remap.',
);

const MOVES = 'it moves keys to shards that do not have their data';

/** A rule that a field of where keys live stays, in the words of whoever changes it. `of` gives CEL text for `self` or `oldSelf`. */
function keeps(fieldPath: string, same: string, of: (object: string) => string): Rule {
  return {
    rule: `self.sharding.onRemap == 'Remap' || (${same})`,
    message: `cannot change while spec.sharding.onRemap is Refuse: ${MOVES}. To make the change all the same, set spec.sharding.onRemap to Remap`,
    messageExpression: sentence(
      `found %s, was %s: cannot change while spec.sharding.onRemap is Refuse, because ${MOVES}; ` +
        'allowed: the former value, or with spec.sharding.onRemap set to Remap (in the same edit) any',
      of('self'),
      of('oldSelf'),
    ),
    fieldPath,
  };
}

const either = (path: string, fallback: string) => (object: string) =>
  `(has(${object}.${path}) ? ${object}.${path} : ${fallback})`;
const shards = (object: string) => `(has(${object}.shards) ? ${object}.shards : 0)`;
const hashTag = either('sharding.hashTag', "'{}'");
const hash = either('sharding.hash', "'none'");
const key = either('sharding.key', '[]');

/** Rules of the specification: what moves keys needs `onRemap: Remap` in the new object. */
export const remapRules: readonly Rule[] = [
  keeps('.shards', `${shards('self')} == ${shards('oldSelf')}`, shards),
  keeps(
    '.sharding.algorithm',
    'self.sharding.algorithm == oldSelf.sharding.algorithm',
    (o) => `${o}.sharding.algorithm`,
  ),
  keeps('.sharding.hash', `${hash('self')} == ${hash('oldSelf')}`, hash),
  keeps('.sharding.hashTag', `${hashTag('self')} == ${hashTag('oldSelf')}`, hashTag),
  keeps('.sharding.key', `${key('self')} == ${key('oldSelf')}`, key),
];

/** `spec.overrides`. */
export const overrides = described(
  listMap(
    z.strictObject({
      index: shardIndex,
      replicas: described(z.int().min(1).max(64).exactOptional(), 'Instead of spec.replicas.'),
      weight: described(
        z.int().min(1).max(32767).exactOptional(),
        'Its share of the keys, relative to the others (1).',
      ),
      hashName: described(
        z.string().min(1).max(253).exactOptional(),
        "The shard's identity in every hash, instead of its own name.",
      ),
    }),
    'index',
    256,
  ).exactOptional(),
  'What sets one shard apart from the others, by index. Not yet supported.',
  [notYet('self.size() == 0', 'self.size()', 'none')],
);
