import { z } from 'zod';
import { described, listMap, type Rule, sentence } from '../crd/fields.ts';

export const shardIndex = described(z.int().min(0).max(255), "The shard's index, from 0.");

/** `spec.sharding.map`. */
export const map = described(
  listMap(
    z.strictObject({
      value: described(z.string().min(1).max(256), 'A whole key; letters of both cases differ.'),
      shard: shardIndex,
    }),
    'value',
    1024,
  ).exactOptional(),
  'With algorithm map, and only then: which shard owns which key; the rest go by rendezvous.',
);

/** `spec.sharding.range`: the order of its entries means nothing, so that server-side apply may merge them. */
export const range = described(
  listMap(
    z.strictObject({
      from: described(z.string().max(256), 'The first key of the range; empty: from the smallest key on.'),
      shard: shardIndex,
    }),
    'from',
    1024,
  ).exactOptional(),
  'With algorithm range, and only then: which shard owns the keys from one on up to the next higher one. Keys are compared byte by byte (UTF-8), so that "Z" comes before "a"; those below the lowest go by rendezvous.',
);

function listRules(name: 'map' | 'range', example: string): Rule[] {
  const list = `self.sharding.${name}`;
  const size = `(has(${list}) ? ${list}.size() : 0)`;
  const shards = '(has(self.shards) ? self.shards : 256)';
  return [
    {
      rule: `self.sharding.algorithm != '${name}' || ${size} > 0`,
      message: `found nothing, but algorithm ${name} needs it; allowed: one entry or more, for instance ${example}`,
      fieldPath: `.sharding.${name}`,
    },
    {
      rule: `self.sharding.algorithm == '${name}' || ${size} == 0`,
      message: `applies to algorithm ${name} only; allowed: none`,
      messageExpression: sentence(
        `found %d entries with algorithm %s: applies to algorithm ${name} only; allowed: none`,
        size,
        'self.sharding.algorithm',
      ),
      fieldPath: `.sharding.${name}`,
    },
    {
      rule: `!has(${list}) || ${list}.all(entry, entry.shard < ${shards})`,
      message: 'names a shard that is not there; allowed: an index below spec.shards',
      messageExpression: sentence(
        'found shard %s with shards %d; allowed: indices below that',
        `${list}.filter(entry, entry.shard >= ${shards}).map(entry, entry.shard)`,
        shards,
      ),
      fieldPath: `.sharding.${name}`,
    },
  ];
}

/** Rules of the specification. */
export const listsRules: readonly Rule[] = [
  ...listRules('map', '{value: DE, shard: 0}'),
  ...listRules('range', '{from: a, shard: 0}'),
];
