import { type BadCase, container, rule } from './make.ts';

/** Resources of the right structure that a rule refuses. */
export const ruled: readonly BadCase[] = [
  rule('neither shards nor external', 'spec.shards', ['found nothing', '1 to 256'], ({ spec }) => delete spec.shards),
  rule('no template', 'spec.template', ['found nothing', 'a pod template'], ({ spec }) => delete spec.template),
  rule('memcached', 'spec.protocol', ['found memcached', 'not yet', 'allowed: redis, http'], ({ spec }) => {
    spec.protocol = 'memcached';
  }),
  rule('replicas', 'spec.replicas', ['found 2', 'not yet', 'allowed: 1'], ({ spec }) => {
    spec.replicas = 2;
  }),
  rule('external shards', 'spec.external', ['found 1', 'not yet', 'allowed: template and shards'], ({ spec }) => {
    spec.external = [{ name: 's1', address: 'redis-0.redis:6379' }];
  }),
  rule('replicas of one shard', 'spec.overrides', ['found replicas [2]', 'not yet', 'allowed: weight'], ({ spec }) => {
    spec.overrides = [{ index: 1, weight: 2, replicas: 2 }];
  }),
  rule('an override of a shard beyond the last', 'spec.overrides', ['index [3]', 'shards 3', 'below'], ({ spec }) => {
    spec.overrides = [{ index: 3, weight: 2 }];
  }),
  rule('an override of nothing', 'spec.overrides[0]', ['found index 1 alone', 'allowed: with replicas'], ({ spec }) => {
    spec.overrides = [{ index: 1 }];
  }),
  rule('one hash name twice', 'spec.overrides', ['found hashName ["a", "a"]', 'of its own'], ({ spec }) => {
    spec.overrides = [0, 2].map((index) => ({ index, hashName: 'a' }));
  }),
  rule(
    'another algorithm',
    'spec.sharding.algorithm',
    ['found ketama', 'not yet', 'allowed: rendezvous'],
    ({ spec }) => {
      spec.sharding = { algorithm: 'ketama' };
    },
  ),
  rule('a hash for rendezvous', 'spec.sharding.hash', ['found murmur', 'allowed: leaving it out'], ({ spec }) => {
    spec.sharding = { hash: 'murmur' };
  }),
  rule('avalanche', 'spec.sharding.avalanche', ['found true', 'not yet', 'allowed: false'], ({ spec }) => {
    spec.sharding = { avalanche: true };
  }),
  rule(
    'a key for redis',
    'spec.sharding.key',
    ['found ["uri"]', 'http only', 'allowed: leaving it out'],
    ({ spec }) => {
      spec.sharding = { key: ['uri'] };
    },
  ),
  rule('a map', 'spec.sharding.map', ['found 1', 'algorithm map only', 'allowed: none'], ({ spec }) => {
    spec.sharding = { map: [{ value: 'DE', shard: 0 }] };
  }),
  rule('algorithm range', 'spec.sharding.algorithm', ['found range', 'for redis yet', 'allowed: rendezvous'], (r) => {
    r.spec.sharding = { algorithm: 'range', range: [{ from: 'a', shard: 0 }] };
  }),
  rule('a bound of load', 'spec.sharding.boundedLoadPercent', ['found 125', 'http only', 'leaving'], ({ spec }) => {
    spec.sharding = { boundedLoadPercent: 125 };
  }),
  rule('hedging', 'spec.hedge', ['found 95', 'http only', 'allowed: leaving it out'], ({ spec }) => {
    spec.hedge = {};
  }),
  rule('autoscaling of shards', 'spec.shardAutoscaling', ['found 4', 'http only', 'leaving it out'], ({ spec }) => {
    spec.shardAutoscaling = { maxReplicas: 4 };
  }),
  rule('trusted proxies', 'spec.trustedProxies', ['found ["10.0.0.0/8"]', 'http only', 'leaving'], ({ spec }) => {
    spec.trustedProxies = ['10.0.0.0/8'];
  }),
  rule('a database of countries', 'spec.geoDatabase', ['found geo.mmdb', 'http only', 'leaving'], ({ spec }) => {
    spec.geoDatabase = { claimName: 'geo', path: 'geo.mmdb' };
  }),
  rule('a size without a unit', 'spec.storage.size', ['found 10', 'allowed: 1Mi and more'], ({ spec }) => {
    spec.storage = { size: '10' };
  }),
  rule(
    'a volume in the place of the claim',
    'spec.template.spec.volumes',
    ['named data', 'allowed: other names'],
    ({ spec }) => {
      spec.storage = {};
      spec.template.spec.volumes = [{ name: 'data', emptyDir: {} }];
    },
  ),
  rule(
    'two containers, neither with the port',
    'spec.template.spec.containers',
    ['found containers ["redis", "other"]', '6379'],
    (r) => {
      r.spec.template.spec.containers.push({ name: 'other', image: 'x', ports: [{ containerPort: 80 }] });
    },
  ),
  rule(
    'two containers, both with the port',
    'spec.template.spec.containers',
    ['["redis", "other"] declare', 'exactly one'],
    (r) => {
      container(r.spec).ports = [{ containerPort: 6379 }];
      r.spec.template.spec.containers.push({ ...container(r.spec), name: 'other' });
    },
  ),
  rule(
    'an init container of the same name',
    'spec.template.spec.initContainers',
    ['found ["redis"]', 'allowed: names'],
    (r) => {
      r.spec.template.spec.initContainers = [{ name: 'redis', image: 'x' }];
    },
  ),
  rule(
    'a container name of ours',
    'spec.template.spec.containers[0].name',
    ['found motif-x', 'allowed: any other'],
    (r) => {
      container(r.spec).name = 'motif-x';
    },
  ),
  rule(
    'a label of ours',
    'spec.template.metadata.labels',
    ['found ["motif.dev/shard"]', 'allowed: other labels'],
    (r) => {
      r.spec.template.metadata = { labels: { 'motif.dev/shard': '7' } };
    },
  ),
  rule('a time-out of nothing', 'spec.failure.timeout', ['found 0ms', 'allowed: 1ms to 1h'], ({ spec }) => {
    spec.failure = { timeout: '0ms' };
  }),
  rule('a probe too late', 'spec.failure.retryAfter', ['found 2m', 'allowed: 10ms to 60s'], ({ spec }) => {
    spec.failure = { retryAfter: '2m' };
  }),
  rule('a flush of shards that never leave', 'spec.failure.onReturn', ['found Flush', 'allowed: Serve'], ({ spec }) => {
    spec.failure = { onReturn: 'Flush' };
  }),
  rule('two shards at once', 'spec.disruption.maxUnavailable', ['found 2', 'allowed: 1'], ({ spec }) => {
    spec.disruption = { maxUnavailable: 2 };
  }),
  rule(
    'a traffic policy inside',
    'spec.router.service.externalTrafficPolicy',
    ['found Local', 'allowed: leaving'],
    (r) => {
      r.spec.router = { service: { externalTrafficPolicy: 'Local' } };
    },
  ),
  rule(
    'an extra port of the main one',
    'spec.router.service.extraPorts',
    ['found ["other"]', '6379', 'allowed: others'],
    (r) => {
      r.spec.router = { service: { extraPorts: [{ name: 'other', port: 6379 }] } };
    },
  ),
  rule('a node port inside', 'spec.router.service.extraPorts', ['found a nodePort', 'allowed: leaving'], (r) => {
    r.spec.router = { service: { extraPorts: [{ name: 'other', port: 80, nodePort: 30000 }] } };
  }),
  rule(
    'a class without a load balancer',
    'spec.router.service.loadBalancerClass',
    ['found a/b', 'allowed: leaving'],
    (r) => {
      r.spec.router = { service: { loadBalancerClass: 'a/b', type: 'NodePort' } };
    },
  ),
];
