/** The pinned versions; the Go modules under `go/` say the same, and a test compares them. */
export const versions = {
  kubernetes: '1.34.4',
  etcd: '3.6.4',
  coredns: '1.14.7',
  helm: '4.3.1',
  metricsServer: '0.9.0',
} as const;

/** The addresses inside a cluster. They are seen only inside its namespaces, so every cluster can use the same. */
export const network = {
  podRange: '10.244.0.0/16',
  serviceRange: '10.96.0.0/16',
  apiService: '10.96.0.1',
  dnsService: '10.96.0.10',
  apiPort: 6443,
  domain: 'cluster.local',
} as const;
