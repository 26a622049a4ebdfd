import { toolsImage } from '@motif/cluster';

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** A pod at the `restricted` level. */
export function pod(name: string, image: string, spec: PodOptions = {}): object {
  const { labels = { app: name }, volumes, node, ...container } = spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        fsGroup: 999,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...(node ? { nodeSelector: { 'kubernetes.io/hostname': node } } : {}),
      ...(volumes ? { volumes } : {}),
      containers: [{ name, image, securityContext: restricted, ...container }],
    },
  };
}

export interface PodOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly volumes?: readonly object[];
  readonly volumeMounts?: readonly object[];
  readonly args?: readonly string[];
}

/** The public redis image with its data in a volume of the given source. */
export function redisPod(name: string, source: object, options: PodOptions = {}): object {
  return pod(name, 'redis:7', {
    ...options,
    volumes: [{ name: 'data', ...source }],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  });
}

/** A pod to run commands in. */
export function clientPod(name: string, options: PodOptions = {}): object {
  return pod(name, toolsImage, options);
}

export function service(name: string, port: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port, targetPort: port }] },
  };
}

/** Objects as one document for `kubectl apply -f -`. */
export function list(...items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
