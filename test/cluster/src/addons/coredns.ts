import { network } from '../base/versions.ts';
import { corednsImage } from '../images/definitions.ts';

const corefile = `.:1053 {
  errors
  ready
  kubernetes ${network.domain} in-addr.arpa ip6.arpa {
    ttl 5
  }
  cache 5
}
`;

const metadata = { name: 'coredns', namespace: 'kube-system' };
const labels = { 'k8s-app': 'kube-dns' };

/** Cluster DNS. There is no way out of the cluster, so that names of elsewhere are answered with SERVFAIL at once. */
export function corednsObjects(): object[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'system:coredns' },
      rules: [
        { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'system:coredns' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { Corefile: corefile } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template: pod() },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels },
      spec: {
        clusterIP: network.dnsService,
        selector: labels,
        ports: [
          { name: 'dns', protocol: 'UDP', port: 53, targetPort: 1053 },
          { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 1053 },
        ],
      },
    },
  ];
}

function pod(): object {
  return {
    metadata: { labels },
    spec: {
      serviceAccountName: 'coredns',
      dnsPolicy: 'Default',
      priorityClassName: 'system-cluster-critical',
      tolerations: [{ operator: 'Exists' }],
      volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
      containers: [
        {
          name: 'coredns',
          image: corednsImage,
          imagePullPolicy: 'Never',
          args: ['-conf', '/etc/coredns/Corefile'],
          volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
          readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
          resources: { requests: { cpu: '20m', memory: '32Mi' } },
        },
      ],
    },
  };
}
