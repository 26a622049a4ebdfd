import { join } from 'node:path';

import { network } from '../base/versions.ts';
import { controlMachine } from '../machine/machine.ts';
import { pkiFile } from '../pki/certificates.ts';
import { flags, type PartSpec, type Plan } from './spec.ts';

/** Nodes renew their leases every 3 s (a quarter of the kubelet's `nodeLeaseDurationSeconds`); five misses make one NotReady. */
const nodeGrace = '16s';
/** Pods leave a dead node after this many seconds (upstream: 300), so that tests can wait for it. */
const evictAfterSeconds = 30;

export function etcdSpec({ layout, subnet, programs }: Plan): PartSpec {
  return {
    name: 'etcd',
    machine: controlMachine,
    program: programs.kube,
    arguments: [
      'etcd',
      ...flags({
        name: 'motif',
        'data-dir': join(layout.state, 'etcd'),
        'listen-client-urls': 'http://127.0.0.1:2379',
        'advertise-client-urls': 'http://127.0.0.1:2379',
        'listen-peer-urls': 'http://127.0.0.1:2380',
        'initial-advertise-peer-urls': 'http://127.0.0.1:2380',
        'initial-cluster': 'motif=http://127.0.0.1:2380',
        'listen-metrics-urls': `http://${subnet.control}:2381`,
        // A killed process loses nothing without it, only a crash of the whole machine does, after which a cluster is made anew.
        'unsafe-no-fsync': true,
        'quota-backend-bytes': 2 ** 31,
        'log-level': 'warn',
      }),
    ],
    health: { url: `http://${subnet.control}:2381/health` },
  };
}

export function apiserverSpec({ layout, subnet, programs }: Plan): PartSpec {
  const pki = (file: string) => pkiFile(layout, file);
  return {
    name: 'kube-apiserver',
    machine: controlMachine,
    program: programs.kube,
    arguments: [
      'kube-apiserver',
      ...flags({
        'etcd-servers': 'http://127.0.0.1:2379',
        'advertise-address': subnet.control,
        'bind-address': '0.0.0.0',
        'secure-port': network.apiPort,
        'service-cluster-ip-range': network.serviceRange,
        'client-ca-file': pki('ca.crt'),
        'tls-cert-file': pki('apiserver.crt'),
        'tls-private-key-file': pki('apiserver.key'),
        'service-account-issuer': `https://kubernetes.default.svc.${network.domain}`,
        'service-account-key-file': pki('sa.key'),
        'service-account-signing-key-file': pki('sa.key'),
        'authorization-mode': 'Node,RBAC',
        'enable-admission-plugins': 'NodeRestriction',
        'allow-privileged': true,
        'default-not-ready-toleration-seconds': evictAfterSeconds,
        'default-unreachable-toleration-seconds': evictAfterSeconds,
        'kubelet-preferred-address-types': 'InternalIP',
        'kubelet-client-certificate': pki('admin.crt'),
        'kubelet-client-key': pki('admin.key'),
        'kubelet-certificate-authority': pki('ca.crt'),
        'requestheader-client-ca-file': pki('front-proxy-ca.crt'),
        'requestheader-allowed-names': 'front-proxy-client',
        'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
        'requestheader-group-headers': 'X-Remote-Group',
        'requestheader-username-headers': 'X-Remote-User',
        'proxy-client-cert-file': pki('front-proxy-client.crt'),
        'proxy-client-key-file': pki('front-proxy-client.key'),
        // The control machine has no kube-proxy: aggregated APIs and webhooks are called at their endpoints.
        'enable-aggregator-routing': true,
      }),
    ],
    health: { url: `https://${subnet.control}:${network.apiPort}/readyz` },
  };
}

export function controllerManagerSpec({ layout, subnet, programs }: Plan): PartSpec {
  return {
    name: 'kube-controller-manager',
    machine: controlMachine,
    program: programs.kube,
    arguments: [
      'kube-controller-manager',
      ...flags({
        kubeconfig: join(layout.conf, 'kube-controller-manager.kubeconfig'),
        'service-account-private-key-file': pkiFile(layout, 'sa.key'),
        'root-ca-file': pkiFile(layout, 'ca.crt'),
        'cluster-signing-cert-file': pkiFile(layout, 'ca.crt'),
        'cluster-signing-key-file': pkiFile(layout, 'ca.key'),
        'use-service-account-credentials': true,
        'leader-elect': false,
        'bind-address': subnet.control,
        'node-monitor-period': '2s',
        'node-monitor-grace-period': nodeGrace,
        'pvclaimbinder-sync-period': '2s',
      }),
    ],
    health: { url: `https://${subnet.control}:10257/healthz` },
  };
}

export function schedulerSpec({ layout, subnet, programs }: Plan): PartSpec {
  return {
    name: 'kube-scheduler',
    machine: controlMachine,
    program: programs.kube,
    arguments: [
      'kube-scheduler',
      ...flags({
        kubeconfig: join(layout.conf, 'kube-scheduler.kubeconfig'),
        'leader-elect': false,
        'bind-address': subnet.control,
      }),
    ],
    health: { url: `https://${subnet.control}:10259/healthz` },
  };
}

/** The volume provisioner: a program of ours beside the control plane. */
export function storageSpec({ layout, programs }: Plan): PartSpec {
  return {
    name: 'storage',
    machine: controlMachine,
    program: programs.node,
    arguments: [join(import.meta.dirname, '..', 'storage', 'main.ts')],
    env: { KUBECONFIG: layout.kubeconfig, MOTIF_NODES: join(layout.state, 'nodes') },
    health: { alive: true },
  };
}
