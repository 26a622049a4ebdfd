import { type Draft, largestHttp, smallest, smallestHttp } from './base.ts';

/** A change of a resource that exists. */
export interface Transition {
  readonly name: string;
  readonly from: Draft;
  readonly to: Draft;
  /** What the refusal says; absent where the change is accepted. */
  readonly refusal?: readonly string[];
}

type Change = (spec: Draft) => void;

function made(change: Change): Draft {
  const resource = smallest();
  change(resource.spec);
  return resource;
}

const nothing: Change = () => undefined;

function refused(name: string, from: Change, to: Change, refusal: readonly string[]): Transition {
  return { name, from: made(from), to: made(to), refusal };
}

function accepted(name: string, from: Change, to: Change): Transition {
  return { name, from: made(from), to: made(to) };
}

const http = (changes: Draft, more: Draft = {}): Draft => {
  const resource = smallestHttp();
  Object.assign(resource.spec, more);
  Object.assign(resource.spec.sharding, changes);
  return resource;
};
const overridden = (overrides: Draft[], more: Draft = {}): Draft => http({}, { overrides, ...more });
const mapped = (shard: number, onRemap = 'Refuse'): Draft =>
  http({ algorithm: 'map', map: ['DE', 'AT'].map((value) => ({ value, shard })), onRemap });

const shards =
  (count: number, more: Draft = {}): Change =>
  (spec) => {
    spec.shards = count;
    Object.assign(spec, more);
  };
const sharding =
  (value: Draft): Change =>
  (spec) => {
    spec.sharding = value;
  };
const storage =
  (value: Draft): Change =>
  (spec) => {
    spec.storage = value;
  };
const port =
  (value: number): Change =>
  (spec) => {
    spec.port = value;
  };

const remap = { sharding: { onRemap: 'Remap' } };
const WHY = 'it moves keys to shards that do not have their data';

export const transitions: readonly Transition[] = [
  refused('more shards', shards(3), shards(4), ['spec.shards', 'found 4, was 3', WHY, 'onRemap set to Remap']),
  refused('fewer shards', shards(3), shards(2), ['spec.shards', 'found 2, was 3', WHY]),
  refused('more shards while Remap is taken back', shards(3, remap), shards(4), ['spec.shards', 'found 4, was 3']),
  accepted('more shards with Remap in the same edit', shards(3), shards(4, remap)),
  accepted('fewer shards with Remap set before', shards(3, remap), shards(2, remap)),
  accepted('back to Refuse', shards(3, remap), shards(3)),
  refused('a hash tag added', nothing, sharding({ hashTag: '<>' }), ['spec.sharding.hashTag', 'found <>, was {}', WHY]),
  refused('a hash tag removed', sharding({ hashTag: 'None' }), nothing, [
    'spec.sharding.hashTag',
    'found {}, was None',
  ]),
  accepted('the default hash tag written out', nothing, sharding({ hashTag: '{}' })),
  accepted('a hash tag with Remap', nothing, sharding({ hashTag: 'None', onRemap: 'Remap' })),
  refused('another algorithm', nothing, sharding({ algorithm: 'jump' }), [
    'spec.sharding.algorithm',
    'found jump, was rendezvous',
    WHY,
  ]),
  refused('a hash', nothing, sharding({ hash: 'md5' }), ['spec.sharding.hash', 'found md5, was none', WHY]),
  refused('a key', nothing, sharding({ key: ['uri'] }), ['spec.sharding.key', 'found ["uri"], was []', WHY]),
  refused(
    'another protocol',
    nothing,
    (spec) => {
      spec.protocol = 'memcached';
    },
    ['spec.protocol', 'found memcached, was redis; cannot change'],
  ),
  refused('another port', nothing, port(7000), [
    'spec.port',
    'found 7000, was 6379; cannot change',
    'router.service.port',
  ]),
  refused('the port left out', port(7000), nothing, ['spec.port', 'found 6379, was 7000; cannot change']),
  accepted('the default port written out', nothing, port(6379)),
  refused('storage added', nothing, storage({}), ['spec.storage', 'found storage added', 'claim templates']),
  refused('storage removed', storage({}), nothing, ['spec.storage', 'found storage removed', 'claim templates']),
  refused('a smaller volume', storage({ size: '2Gi' }), storage({ size: '1.5Gi' }), [
    'spec.storage.size',
    'found 1.5Gi, was 2Gi',
    'shrink',
  ]),
  accepted('a larger volume', storage({ size: '1Gi' }), storage({ size: '1025Mi' })),
  accepted('the same size in other words', storage({ size: '1Gi' }), storage({ size: '1024Mi' })),
  refused('a storage class added', storage({}), storage({ storageClassName: 'fast' }), [
    'spec.storage.storageClassName',
    'found fast, was none',
    'claim templates',
  ]),
  refused('a storage class removed', storage({ storageClassName: 'fast' }), storage({}), [
    'spec.storage.storageClassName',
    'found none, was fast',
  ]),
  refused('another storage class', storage({ storageClassName: 'fast' }), storage({ storageClassName: 'slow' }), [
    'spec.storage.storageClassName',
    'found slow, was fast',
  ]),
  refused('another mount path', storage({}), storage({ mountPath: '/x' }), [
    'spec.storage.mountPath',
    'found /x, was /data; cannot change',
    'no longer find',
  ]),
  accepted('another image, time-out and router', nothing, (spec) => {
    spec.template.spec.containers[0].image = 'redis:8';
    spec.failure = { timeout: '2s' };
    spec.router = { replicas: 3 };
  }),
  accepted('suspended', nothing, (spec) => {
    spec.suspend = true;
  }),
  ...httpTransitions(),
];

/** Everything that says where a key of http lives, and what beside it may change. */
function httpTransitions(): Transition[] {
  const weight = (value: number) => [{ index: 1, weight: value }];
  const ranged = (range: Draft[]): Draft => http({ algorithm: 'range', range });
  const a = { from: 'a', shard: 0 };
  const n = { from: 'n', shard: 1 };
  return [
    {
      name: 'another key',
      from: http({}),
      to: http({ key: ['uri'] }),
      refusal: ['spec.sharding.key', 'found ["uri"], was ["header:x-shard-key", "uri"]', WHY],
    },
    {
      name: 'a further key',
      from: http({}),
      to: http({ key: ['header:x-shard-key', 'uri', 'host'] }),
      refusal: ['spec.sharding.key', WHY],
    },
    { name: 'another key with Remap', from: http({}), to: http({ key: ['uri'], onRemap: 'Remap' }) },
    {
      name: 'from rendezvous to map',
      from: http({}),
      to: mapped(0),
      refusal: ['spec.sharding.algorithm', 'found map, was rendezvous', 'spec.sharding.map', 'found 2', 'there were 0'],
    },
    { name: 'a mapped shard', from: mapped(0), to: mapped(1), refusal: ['spec.sharding.map', 'some differ', WHY] },
    { name: 'a mapped shard with Remap', from: mapped(0), to: mapped(1, 'Remap') },
    {
      name: 'a map in another order',
      from: mapped(0),
      to: http({ algorithm: 'map', map: ['AT', 'DE'].map((value) => ({ value, shard: 0 })) }),
    },
    {
      name: 'a range taken away',
      from: ranged([a, n]),
      to: ranged([a]),
      refusal: ['spec.sharding.range', 'found 1', 'there were 2', WHY],
    },
    {
      name: 'a range moved',
      from: ranged([a, n]),
      to: ranged([a, { ...n, shard: 2 }]),
      refusal: ['spec.sharding.range', WHY],
    },
    {
      name: 'a weight added',
      from: http({}),
      to: overridden(weight(2)),
      refusal: ['spec.overrides', 'found [index, weight] [[1, 2]], was []', WHY],
    },
    {
      name: 'a weight changed',
      from: overridden(weight(2)),
      to: overridden(weight(3)),
      refusal: ['spec.overrides', '[[1, 3]], was [[1, 2]]'],
    },
    {
      name: 'a weight taken away',
      from: overridden(weight(2)),
      to: http({}),
      refusal: ['spec.overrides', 'was [[1, 2]]'],
    },
    { name: 'a weight with Remap', from: http({}), to: http({ onRemap: 'Remap' }, { overrides: weight(2) }) },
    { name: 'the default weight written out', from: http({}), to: overridden(weight(1)) },
    {
      name: 'a hash name added',
      from: http({}),
      to: overridden([{ index: 0, hashName: 'old' }]),
      refusal: ['spec.overrides', 'found [index, hashName] [[0, "old"]], was []'],
    },
    {
      name: 'a hash name given to another shard',
      from: overridden([{ index: 0, hashName: 'old' }]),
      to: overridden([{ index: 1, hashName: 'old' }]),
      refusal: ['spec.overrides', '[[1, "old"]], was [[0, "old"]]'],
    },
    {
      name: 'replicas of one shard beside its weight',
      from: overridden(weight(2)),
      to: overridden([
        { index: 1, weight: 2, replicas: 3 },
        { index: 0, replicas: 2 },
      ]),
    },
    {
      name: 'fewer shards than an override names, even with Remap',
      from: http({ onRemap: 'Remap' }, { overrides: [{ index: 2, replicas: 3 }] }),
      to: http({ onRemap: 'Remap' }, { overrides: [{ index: 2, replicas: 3 }], shards: 2 }),
      refusal: ['spec.overrides', 'found index [2] with shards 2'],
    },
    {
      name: 'more replicas, hedging, an autoscaler and a bound',
      from: http({}),
      to: http(
        { boundedLoadPercent: 150 },
        {
          replicas: 3,
          hedge: {},
          shardAutoscaling: { maxReplicas: 6 },
          trustedProxies: ['10.0.0.0/8'],
        },
      ),
    },
    {
      name: 'a second weight among all of 256',
      from: largestHttp(),
      to: reweighted(),
      refusal: ['spec.overrides', WHY],
    },
    { name: 'another image of the largest', from: largestHttp(), to: reimaged() },
    {
      name: 'the default port of http written out',
      from: http({}),
      to: http({}, { port: 8080 }),
    },
    {
      name: 'another port of http',
      from: http({}),
      to: http({}, { port: 80 }),
      refusal: ['spec.port', 'found 80, was 8080'],
    },
  ];
}

function reweighted(): Draft {
  const resource = largestHttp();
  resource.spec.overrides[255].weight = 1;
  return resource;
}

function reimaged(): Draft {
  const resource = largestHttp();
  resource.spec.template.spec.containers[0].image = 'shop:2';
  return resource;
}
