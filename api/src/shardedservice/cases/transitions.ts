import { type Draft, smallest } from './base.ts';

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
];
