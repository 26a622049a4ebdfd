import { type BadCase, container, secret, structure } from './make.ts';

/** Resources whose structure alone is wrong. */
export const structural: readonly BadCase[] = [
  structure('no protocol', 'spec.protocol', ['Required value'], ({ spec }) => delete spec.protocol),
  structure('an unknown protocol', 'spec.protocol', ['"mysql"', '"redis", "memcached", "http"'], ({ spec }) => {
    spec.protocol = 'mysql';
  }),
  structure('no shard', 'spec.shards', ['0', 'greater than or equal to 1'], ({ spec }) => {
    spec.shards = 0;
  }),
  structure('too many shards', 'spec.shards', ['257', 'less than or equal to 256'], ({ spec }) => {
    spec.shards = 257;
  }),
  structure('shards as text', 'spec.shards', ['"string"', 'integer'], ({ spec }) => {
    spec.shards = '3';
  }),
  structure('an unknown field', 'spec.shard', ['unknown field "spec.shard"'], ({ spec }) => {
    spec.shard = 3;
  }),
  structure('a port beyond 65535', 'spec.port', ['65536', '65535'], ({ spec }) => {
    spec.port = 65536;
  }),
  structure('no containers', 'spec.template.spec.containers', ['0', 'at least 1 items'], ({ spec }) => {
    spec.template.spec.containers = [];
  }),
  structure(
    'a container without an image',
    'spec.template.spec.containers[0].image',
    ['Required value'],
    ({ spec }) => {
      delete container(spec).image;
    },
  ),
  structure(
    'a container name with capitals',
    'spec.template.spec.containers[0].name',
    ['"Redis"', 'should match'],
    (r) => {
      container(r.spec).name = 'Redis';
    },
  ),
  structure(
    'two containers of one name',
    'spec.template.spec.containers[1]',
    ['Duplicate value', 'redis'],
    ({ spec }) => {
      spec.template.spec.containers.push({ ...container(spec) });
    },
  ),
  structure(
    'a container port of 0',
    'spec.template.spec.containers[0].ports[0].containerPort',
    ['0', 'equal to 1'],
    (r) => {
      container(r.spec).ports = [{ containerPort: 0 }];
    },
  ),
  structure('a shard that ends', 'spec.template.spec.restartPolicy', ['"Never"', '"Always"'], ({ spec }) => {
    spec.template.spec.restartPolicy = 'Never';
  }),
  structure('a size that is no quantity', 'spec.storage.size', ['"10 GB"', 'should match'], ({ spec }) => {
    spec.storage = { size: '10 GB' };
  }),
  structure('a size below zero', 'spec.storage.size', ['"-1Gi"', 'should match'], ({ spec }) => {
    spec.storage = { size: '-1Gi' };
  }),
  structure('a relative mount path', 'spec.storage.mountPath', ['"data"', 'should match'], ({ spec }) => {
    spec.storage = { mountPath: 'data' };
  }),
  structure('an unknown retention', 'spec.claimRetention.whenDeleted', ['"Keep"', '"Retain", "Delete"'], ({ spec }) => {
    spec.claimRetention = { whenDeleted: 'Keep' };
  }),
  structure(
    'an unknown algorithm',
    'spec.sharding.algorithm',
    ['"consistent"', '"rendezvous", "ketama"'],
    ({ spec }) => {
      spec.sharding = { algorithm: 'consistent' };
    },
  ),
  structure('an unknown hash', 'spec.sharding.hash', ['"sha1"', '"xxh64"'], ({ spec }) => {
    spec.sharding = { hash: 'sha1' };
  }),
  structure('a hash tag of one character', 'spec.sharding.hashTag', ['"{"', 'None'], ({ spec }) => {
    spec.sharding = { hashTag: '{' };
  }),
  structure('an unknown onRemap', 'spec.sharding.onRemap', ['"Allow"', '"Refuse", "Remap"'], ({ spec }) => {
    spec.sharding = { onRemap: 'Allow' };
  }),
  structure('a duration without a unit', 'spec.failure.timeout', ['"1"', '(h|m|s|ms)'], ({ spec }) => {
    spec.failure = { timeout: '1' };
  }),
  structure('no failure before an ejection', 'spec.failure.ejectAfter', ['0', 'equal to 1'], ({ spec }) => {
    spec.failure = { ejectAfter: 0 };
  }),
  structure(
    'an unknown treatment of several keys',
    'spec.redis.multiKey',
    ['"Join"', '"Split", "Refuse"'],
    ({ spec }) => {
      spec.redis = { multiKey: 'Join' };
    },
  ),
  structure('less than no router', 'spec.router.replicas', ['-1', 'equal to 0'], ({ spec }) => {
    spec.router = { replicas: -1 };
  }),
  structure('an unknown type of Service', 'spec.router.service.type', ['"ExternalName"', '"ClusterIP"'], ({ spec }) => {
    spec.router = { service: { type: 'ExternalName' } };
  }),
  structure('a user name without a password', 'spec.auth.password', ['Required value'], ({ spec }) => {
    spec.auth = { username: secret('username') };
  }),
  structure('a Secret without a key', 'spec.auth.password.secretRef.key', ['Required value'], ({ spec }) => {
    spec.auth = { password: { secretRef: { name: 'cart-auth' } } };
  }),
  structure('a user twice', 'spec.clientAuth[1]', ['Duplicate value', 'app'], ({ spec }) => {
    spec.clientAuth = ['a', 'b'].map((key) => ({ username: 'app', password: secret(key) }));
  }),
  structure('nobody who may connect', 'spec.clientAuth', ['0', 'at least 1 items'], ({ spec }) => {
    spec.clientAuth = [];
  }),
  structure('no pod that may go', 'spec.disruption.maxUnavailable', ['0', 'equal to 1'], ({ spec }) => {
    spec.disruption = { maxUnavailable: 0 };
  }),
  structure('a version that is none', 'spec.dataPlaneVersion', ['"latest"', 'should match'], ({ spec }) => {
    spec.dataPlaneVersion = 'latest';
  }),
  structure('suspend as text', 'spec.suspend', ['"string"', 'boolean'], ({ spec }) => {
    spec.suspend = 'true';
  }),
];
