import { metricsServerImage } from '../images/definitions.ts';

const name = 'metrics-server';
const namespace = 'kube-system';
const labels = { 'k8s-app': name };
const rbac = 'rbac.authorization.k8s.io';

/** The metrics API, from upstream's own manifest; kubelets' certificates are checked against the cluster's authority. */
export function metricsServerObjects(): object[] {
  const account = { kind: 'ServiceAccount', name, namespace };
  const binding = (kind: string, metadata: object, roleKind: string, role: string) => ({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata,
    roleRef: { apiGroup: rbac, kind: roleKind, name: role },
    subjects: [account],
  });
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'system:metrics-server' },
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: {
        name: 'system:aggregated-metrics-reader',
        labels: {
          'rbac.authorization.k8s.io/aggregate-to-view': 'true',
          'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
          'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
        },
      },
      rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
    },
    binding('ClusterRoleBinding', { name: 'system:metrics-server' }, 'ClusterRole', 'system:metrics-server'),
    binding('ClusterRoleBinding', { name: 'metrics-server:auth' }, 'ClusterRole', 'system:auth-delegator'),
    binding('RoleBinding', { name: 'metrics-server', namespace }, 'Role', 'extension-apiserver-authentication-reader'),
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: deployment() },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { selector: labels, ports: [{ name: 'https', port: 443, targetPort: 10250 }] },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name, namespace },
      },
    },
  ];
}

function deployment(): object {
  const container = {
    name,
    image: metricsServerImage,
    imagePullPolicy: 'Never',
    args: [
      '--secure-port=10250',
      '--cert-dir=/tmp',
      '--kubelet-preferred-address-types=InternalIP',
      '--kubelet-certificate-authority=/ca/ca.crt',
      '--metric-resolution=10s',
      '--kubelet-request-timeout=5s', // has to be below the resolution
    ],
    readinessProbe: {
      httpGet: { path: '/readyz', port: 10250, scheme: 'HTTPS' },
      periodSeconds: 1,
      failureThreshold: 3,
    },
    resources: { requests: { cpu: '20m', memory: '64Mi' } },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'ca', mountPath: '/ca', readOnly: true },
    ],
  };
  return {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: name,
        priorityClassName: 'system-cluster-critical',
        containers: [container],
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'ca', configMap: { name: 'kube-root-ca.crt' } },
        ],
      },
    },
  };
}
