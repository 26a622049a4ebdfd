/** A ShardedService as a test changes it: any field may be put in or taken away, so it has no type of its own. */
// biome-ignore lint/suspicious/noExplicitAny: tables of wrong resources must be able to write what types forbid
export type Draft = any;

/** The smallest ShardedService. */
export function smallest(name = 'cart'): Draft {
  return {
    apiVersion: 'motif.dev/v1alpha1',
    kind: 'ShardedService',
    metadata: { name },
    spec: {
      protocol: 'redis',
      shards: 3,
      template: { spec: { containers: [{ name: 'redis', image: 'redis:7' }] } },
    },
  };
}

/** One with every field that works. */
export function complete(name = 'cart'): Draft {
  const secret = (key: string) => ({ secretRef: { name: 'cart-auth', key } });
  return {
    ...smallest(name),
    spec: {
      protocol: 'redis',
      shards: 256,
      replicas: 1,
      port: 7000,
      template: {
        metadata: {
          labels: { app: 'cart', 'motif.dev/inject': 'web' },
          annotations: { note: 'x' },
          creationTimestamp: null,
        },
        spec: {
          serviceAccountName: 'cart',
          initContainers: [{ name: 'prepare', image: 'busybox', command: ['true'], restartPolicy: 'Always' }],
          containers: [
            {
              name: 'redis',
              image: 'redis:7',
              ports: [{ name: 'redis', containerPort: 7000, protocol: 'TCP' }],
              readinessProbe: { tcpSocket: { port: 7000 }, periodSeconds: 1 },
              resources: { limits: { memory: '64Mi' } },
            },
            { name: 'exporter', image: 'exporter', ports: [{ containerPort: 9121 }] },
          ],
          volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '1Gi' } }],
        },
      },
      external: [],
      storage: { size: '1.5Gi', mountPath: '/var/lib/redis', storageClassName: 'standard' },
      claimRetention: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      sharding: {
        algorithm: 'rendezvous',
        avalanche: false,
        hashTag: 'None',
        key: [],
        map: [],
        range: [],
        onRemap: 'Remap',
      },
      overrides: [],
      failure: { onDeadShard: 'Rehash', ejectAfter: 1, retryAfter: '100ms', timeout: '1m30s', onReturn: 'Flush' },
      redis: { multiKey: 'Refuse', partial: 'Whole', admin: 'Allow' },
      router: {
        replicas: 0,
        template: {
          metadata: { labels: { team: 'shop' } },
          spec: { priorityClassName: 'high', containers: [{ name: 'router', resources: { limits: { cpu: '1' } } }] },
        },
        service: {
          type: 'LoadBalancer',
          port: 6379,
          annotations: { a: 'b' },
          labels: { c: 'd' },
          externalTrafficPolicy: 'Local',
          loadBalancerClass: 'example.com/lb',
          extraPorts: [{ name: 'metrics', port: 9900, targetPort: 9900 }],
        },
      },
      auth: { username: secret('username'), password: secret('password') },
      clientAuth: [
        { username: 'app', password: secret('app') },
        { username: 'default', password: secret('default') },
      ],
      trustedProxies: [],
      suspend: true,
      disruption: { maxUnavailable: 1 },
      dataPlaneVersion: '0.1.0',
    },
  };
}

/** The smallest ShardedService of protocol http. */
export function smallestHttp(name = 'cart'): Draft {
  return {
    apiVersion: 'motif.dev/v1alpha1',
    kind: 'ShardedService',
    metadata: { name },
    spec: {
      protocol: 'http',
      shards: 3,
      template: { spec: { containers: [{ name: 'shop', image: 'shop:1' }] } },
      sharding: { key: ['header:x-shard-key', 'uri'] },
    },
  };
}

/** One with every field that works for http. */
export function completeHttp(name = 'cart'): Draft {
  const { spec, ...rest } = smallestHttp(name);
  return {
    ...rest,
    spec: {
      ...spec,
      replicas: 2,
      port: 8000,
      storage: {},
      sharding: {
        algorithm: 'map',
        key: [
          'header:x-user',
          '  cookie:"__Host-uid"  ',
          'query:user.id',
          'path[99]',
          'json:user."a.b"',
          'country(ip)',
          '"it\'s \\"text\\""',
          'ip',
        ],
        map: [
          { value: 'DE', shard: 2 },
          { value: 'it\'s "text"', shard: 0 },
        ],
        onRemap: 'Remap',
        boundedLoadPercent: 125,
      },
      overrides: [
        { index: 2, replicas: 5, weight: 32767, hashName: 'old-1' },
        { index: 0, weight: 1 },
      ],
      failure: { onDeadShard: 'Rehash', timeout: '30s' },
      hedge: { afterPercentile: 99, budgetPercent: 1 },
      shardAutoscaling: {
        minReplicas: 2,
        maxReplicas: 8,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
        behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
      },
      trustedProxies: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1/32'],
      geoDatabase: { claimName: 'geo', path: 'v1/GeoLite2-Country.mmdb' },
      router: { replicas: 3 },
    },
  };
}

/** As large as rules and the annotation of kubectl apply (256 KiB) allow: a rule that is too dear for the API server shows. */
export function largestHttp(): Draft {
  const { spec, ...rest } = smallestHttp();
  const long = (i: number, length: number): string => `${i}`.padStart(length, 'x');
  return {
    ...rest,
    spec: {
      ...spec,
      shards: 256,
      replicas: 2,
      sharding: {
        algorithm: 'map',
        key: Array.from({ length: 8 }, (_, i) => `header:${long(i, 249)}`),
        map: Array.from({ length: 1024 }, (_, i) => ({ value: long(i, 128), shard: i % 256 })),
      },
      overrides: Array.from({ length: 256 }, (_, index) => ({
        index,
        replicas: 3,
        weight: 2 + index,
        hashName: long(index, 63),
      })),
    },
  };
}
