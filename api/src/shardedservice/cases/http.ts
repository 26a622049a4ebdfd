import { badExpressions } from '../../expressions/bad-expressions.ts';
import { type Draft, smallestHttp } from './base.ts';
import { type BadCase, type Change, rule, structure } from './make.ts';

const broken = (name: string, path: string, says: readonly string[], change: (spec: Draft) => void): BadCase =>
  structure(name, path, says, ({ spec }) => change(spec), smallestHttp());

const wrong = (name: string, path: string, says: readonly string[], change: (spec: Draft) => void): BadCase =>
  rule(name, path, says, ({ spec }) => change(spec), smallestHttp());

const sharding =
  (changes: Draft): ((spec: Draft) => void) =>
  (spec) =>
    Object.assign(spec.sharding, changes);

const set =
  (changes: Draft): ((spec: Draft) => void) =>
  (spec) =>
    Object.assign(spec, changes);

/** Resources of protocol http whose structure is wrong. */
const structural: readonly BadCase[] = [
  broken('nine expressions', 'spec.sharding.key', ['9', 'at most 8 items'], sharding({ key: Array(9).fill('uri') })),
  broken(
    'a bound of 100 %',
    'spec.sharding.boundedLoadPercent',
    ['100', 'to 101'],
    sharding({ boundedLoadPercent: 100 }),
  ),
  broken('65 replicas', 'spec.replicas', ['65', 'equal to 64'], set({ replicas: 65 })),
  broken(
    'a weight of 0',
    'spec.overrides[0].weight',
    ['0', 'equal to 1'],
    set({ overrides: [{ index: 0, weight: 0 }] }),
  ),
  broken(
    'a shard set apart twice',
    'spec.overrides[1]',
    ['Duplicate value', '1'],
    set({ overrides: [2, 3].map((weight) => ({ index: 1, weight })) }),
  ),
  broken(
    'a value mapped twice',
    'spec.sharding.map[1]',
    ['Duplicate value', 'DE'],
    sharding({ algorithm: 'map', map: [0, 1].map((shard) => ({ value: 'DE', shard })) }),
  ),
  broken(
    'a bound twice',
    'spec.sharding.range[1]',
    ['Duplicate value', 'a'],
    sharding({ algorithm: 'range', range: [0, 1].map((shard) => ({ from: 'a', shard })) }),
  ),
  broken(
    'a percentile of 100',
    'spec.hedge.afterPercentile',
    ['100', 'equal to 99'],
    set({ replicas: 2, hedge: { afterPercentile: 100 } }),
  ),
  broken('no highest count', 'spec.shardAutoscaling.maxReplicas', ['Required value'], set({ shardAutoscaling: {} })),
  broken(
    'a database out of its folder',
    'spec.geoDatabase.path',
    ['"../geo.mmdb"', 'should match'],
    set({ geoDatabase: { claimName: 'geo', path: '../geo.mmdb' } }),
  ),
];

/** Those of the right structure that a rule refuses. */
const ruled: readonly BadCase[] = [
  wrong('no key', 'spec.sharding.key', ['found nothing', 'allowed: 1 to 8'], (spec) => delete spec.sharding.key),
  wrong('an empty list of keys', 'spec.sharding.key', ['found nothing', 'allowed: 1 to 8'], sharding({ key: [] })),
  wrong(
    'a country without a database',
    'spec.sharding.key',
    ['found ["path", "host + country(ip)"]', 'without spec.geoDatabase'],
    sharding({ key: ['path', 'host + country(ip)'] }),
  ),
  wrong(
    'ip alone where all clients are ambassadors',
    'spec.sharding.key',
    ['found ["ip"]', 'trustedProxies'],
    (spec) => {
      spec.sharding.key = ['ip'];
      spec.router = { replicas: 0 };
    },
  ),
  wrong(
    'a map of joined parts',
    'spec.sharding.key',
    ['found ["host + path"] with algorithm map', 'of one part'],
    sharding({ key: ['host + path'], algorithm: 'map', map: [{ value: 'a', shard: 0 }] }),
  ),
  wrong(
    'another algorithm',
    'spec.sharding.algorithm',
    ['found maglev', 'not yet', 'map or range'],
    sharding({ algorithm: 'maglev' }),
  ),
  wrong('a map without entries', 'spec.sharding.map', ['found nothing', '{value: DE'], sharding({ algorithm: 'map' })),
  wrong('a range for a map', 'spec.sharding.range', ['found 1 entries with algorithm map', 'none'], (spec) => {
    sharding({ algorithm: 'map', map: [{ value: 'a', shard: 0 }], range: [{ from: 'a', shard: 0 }] })(spec);
  }),
  wrong(
    'a range without entries',
    'spec.sharding.range',
    ['found nothing', '{from: a'],
    sharding({ algorithm: 'range', range: [] }),
  ),
  wrong(
    'a mapped shard that is not there',
    'spec.sharding.map',
    ['found shard [3] with shards 3', 'below'],
    sharding({ algorithm: 'map', map: [2, 3].map((shard) => ({ value: `${shard}`, shard })) }),
  ),
  wrong(
    'an override of a shard that is not there',
    'spec.overrides',
    ['found index [3] with shards 3', 'below'],
    set({ overrides: [{ index: 3, replicas: 2 }] }),
  ),
  wrong('a hash tag', 'spec.sharding.hashTag', ['found {}', 'leaving it out'], sharding({ hashTag: '{}' })),
  wrong('a treatment of several keys', 'spec.redis', ['protocol http', 'redis only'], set({ redis: {} })),
  wrong(
    'a password',
    'spec.auth',
    ['not yet', 'leaving it out'],
    set({ auth: { password: { secretRef: { name: 'a', key: 'b' } } } }),
  ),
  wrong('a flush', 'spec.failure.onReturn', ['found Flush', 'allowed: Serve'], (spec) => {
    spec.failure = { onReturn: 'Flush', onDeadShard: 'Rehash' };
  }),
  wrong('hedging with one replica', 'spec.hedge', ['replicas 1', 'more replicas'], set({ hedge: {} })),
  wrong(
    'a proxy that is no network',
    'spec.trustedProxies[1]',
    ['found 10.0.0.1', '10.0.0.0/8'],
    set({ trustedProxies: ['10.0.0.0/8', '10.0.0.1'] }),
  ),
  wrong(
    'a database from nowhere',
    'spec.geoDatabase',
    ['found neither', 'exactly one'],
    set({ geoDatabase: { path: 'x' } }),
  ),
  wrong(
    'a database from two places',
    'spec.geoDatabase',
    ['found both', 'exactly one'],
    set({ geoDatabase: { path: 'x', claimName: 'a', configMapName: 'b' } }),
  ),
  wrong(
    'a folder in a ConfigMap',
    'spec.geoDatabase.path',
    ['found a/b', 'the name of a key'],
    set({ geoDatabase: { path: 'a/b', configMapName: 'b' } }),
  ),
  wrong(
    'a lowest count above the highest',
    'spec.shardAutoscaling.minReplicas',
    ['found 5 with maxReplicas 4'],
    set({ shardAutoscaling: { minReplicas: 5, maxReplicas: 4 } }),
  ),
  wrong(
    'a metric of ours',
    'spec.shardAutoscaling.metrics[0].type',
    ['found RequestsPerSecond', 'not yet', 'Resource'],
    set({ shardAutoscaling: { maxReplicas: 4, metrics: [{ type: 'RequestsPerSecond' }] } }),
  ),
  wrong(
    'a drain of a whole shard',
    'spec.disruption.maxUnavailable',
    ['found 2', 'fewer than the smallest'],
    set({ replicas: 2, disruption: { maxUnavailable: 2 } }),
  ),
  wrong(
    'external shards',
    'spec.external',
    ['found 1', 'not yet'],
    set({ external: [{ name: 'a', address: 'b:80' }] }),
  ),
  wrong(
    'two containers, neither with the port',
    'spec.template.spec.containers',
    ['["shop", "other"]', '8080'],
    (spec) => {
      spec.template.spec.containers.push({ name: 'other', image: 'x', ports: [{ containerPort: 80 }] });
    },
  ),
];

/** Each bad expression, refused with the part of it that was understood. */
const expressions: readonly BadCase[] = badExpressions.map(({ expression, understood }) => {
  const change: Change = ({ spec }) => {
    spec.sharding.key = ['uri', expression];
  };
  const says = [`found ${expression}, of which "${understood}" was understood; allowed after that: header:NAME`];
  return rule(`the expression ${JSON.stringify(expression)}`, 'spec.sharding.key[1]', says, change, smallestHttp());
});

export const httpCases: readonly BadCase[] = [...structural, ...ruled, ...expressions];
