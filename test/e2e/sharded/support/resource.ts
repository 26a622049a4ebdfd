/** A pod template of redis at the `restricted` level. */
export function redisTemplate(overrides: { image?: string; args?: string[]; memory?: string; env?: object[] } = {}): {
  metadata: { labels: Record<string, string> };
  spec: Record<string, unknown>;
} {
  const { image = 'redis:7', args = ['redis-server', '--appendonly', 'yes'], memory = '96Mi', env } = overrides;
  return {
    metadata: { labels: { team: 'shop' } },
    spec: {
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        fsGroup: 999,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'redis',
          image,
          imagePullPolicy: 'IfNotPresent',
          args,
          ...(env === undefined ? {} : { env }),
          resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}

/** A ShardedService; without router unless the test is about it. */
export function shardedService(name: string, spec: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'motif.dev/v1alpha1',
    kind: 'ShardedService',
    metadata: { name },
    spec: { protocol: 'redis', shards: 2, router: { replicas: 0 }, template: redisTemplate(), ...spec },
  };
}
