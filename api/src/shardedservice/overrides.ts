import { z } from 'zod';
import { described, listMap, type Rule, sentence } from '../crd/fields.ts';
import { MAX_WEIGHT } from '../hashing/rendezvous.ts';
import { shardIndex } from './map-range.ts';

const item = described(
  z.strictObject({
    index: shardIndex,
    replicas: described(
      z.int().min(1).max(64).exactOptional(),
      'Instead of spec.replicas, also under shardAutoscaling, which then leaves this shard alone. For protocol http.',
    ),
    weight: described(
      z.int().min(1).max(MAX_WEIGHT).exactOptional(),
      'Its share of the keys, relative to the others (1). A change moves keys and needs sharding.onRemap Remap.',
    ),
    hashName: described(
      z
        .string()
        .min(1)
        .max(63)
        .regex(/^[!-~]+$/)
        .exactOptional(),
      "The shard's identity in every hash, instead of its own name (NAME-INDEX): a shard that takes over another's data keeps its keys by it. A change moves keys and needs sharding.onRemap Remap.",
    ),
  }),
  'One shard.',
  [
    {
      rule: 'has(self.replicas) || has(self.weight) || has(self.hashName)',
      message: 'sets nothing apart; allowed: with replicas, weight or hashName',
      messageExpression: sentence(
        'found index %d alone, which sets nothing apart; allowed: with replicas, weight or hashName',
        'self.index',
      ),
    },
  ],
);

/** `spec.overrides`. */
export const overrides = described(
  listMap(item, 'index', 256).exactOptional(),
  'What sets one shard apart from the others, by index.',
);

const list = 'self.overrides';
const shards = '(has(self.shards) ? self.shards : 256)';
const hashNames = `${list}.filter(o, has(o.hashName)).map(o, o.hashName)`;

/** Rules of the specification. */
export const overridesRules: readonly Rule[] = [
  {
    rule: `!has(${list}) || ${list}.all(o, o.index < ${shards})`,
    message: 'names a shard that is not there; allowed: an index below spec.shards',
    messageExpression: sentence(
      'found index %s with shards %d; allowed: indices below that',
      `${list}.filter(o, o.index >= ${shards}).map(o, o.index)`,
      shards,
    ),
    fieldPath: '.overrides',
  },
  {
    rule: `!has(${list}) || ${list}.all(o, !has(o.hashName) || ${list}.exists_one(p, has(p.hashName) && p.hashName == o.hashName))`,
    message: 'two shards have one hashName; allowed: a hashName of its own for each',
    messageExpression: sentence('found hashName %s; allowed: a hashName of its own for each shard', hashNames),
    fieldPath: '.overrides',
  },
  {
    rule: `self.protocol == 'http' || !has(${list}) || !${list}.exists(o, has(o.replicas))`,
    message: 'replicas do not work for redis yet (not yet supported); allowed: weight and hashName',
    messageExpression: sentence(
      'found replicas %s, which do not work for %s yet (not yet supported); allowed: weight and hashName',
      `${list}.filter(o, has(o.replicas)).map(o, o.replicas)`,
      'self.protocol',
    ),
    fieldPath: '.overrides',
  },
];
