import { join } from 'node:path';

import { nodeFolder } from '../base/layout.ts';
import { network } from '../base/versions.ts';
import { clusterCgroup } from '../host/cgroups.ts';
import { nodeAddress, podRange } from '../host/subnets.ts';
import { nodeIndex } from '../machine/machine.ts';
import { pkiFile } from '../pki/certificates.ts';
import { flags, type PartSpec, type Plan } from './spec.ts';

/** The sandbox image; containerd's configuration names it, and the image step loads it. */
export const pauseImage = 'motif.local/pause:1';
/** Inside a node's namespaces, where `/run` is its own. */
export const containerdSocket = '/run/containerd/containerd.sock';

export function containerdSpec({ layout }: Plan, node: string, containerd: string): PartSpec {
  const folder = nodeFolder(layout, node);
  const config = join(folder, 'containerd.toml');
  return {
    name: `containerd-${node}`,
    machine: node,
    program: containerd,
    arguments: ['--config', config, '--log-level', 'warn'],
    files: [
      { path: config, text: containerdConfig(join(folder, 'cni')) },
      { path: join(folder, 'cni', '10-motif.conflist'), text: cniConfig(nodeIndex(node)) },
    ],
    health: { socket: containerdSocket },
  };
}

/** `restrict_oom_score_adj`: a machine without CAP_SYS_RESOURCE could start no sandbox otherwise. */
export function containerdConfig(cniFolder: string): string {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${cniFolder}"
`;
}

export function cniConfig(index: number): string {
  const ipam = { type: 'host-local', ranges: [[{ subnet: podRange(index) }]], routes: [{ dst: '0.0.0.0/0' }] };
  const bridge = { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: true, hairpinMode: true, ipam };
  const plugins = [bridge, { type: 'portmap', capabilities: { portMappings: true } }];
  return `${JSON.stringify({ cniVersion: '0.4.0', name: 'motif', plugins }, null, 2)}\n`;
}

export function kubeletSpec(plan: Plan, node: string): PartSpec {
  const { layout, subnet, programs } = plan;
  const folder = nodeFolder(layout, node);
  const config = join(folder, 'kubelet.json');
  const resolv = join(folder, 'resolv.conf');
  const address = nodeAddress(subnet, nodeIndex(node));
  return {
    name: `kubelet-${node}`,
    machine: node,
    program: programs.kube,
    arguments: [
      'kubelet',
      ...flags({
        config,
        kubeconfig: join(layout.conf, `${node}.kubeconfig`),
        'hostname-override': node,
        'node-ip': address,
        'cert-dir': join(folder, 'kubelet-pki'),
      }),
    ],
    files: [
      { path: config, text: `${JSON.stringify(kubeletConfig(plan, node, resolv), null, 2)}\n` },
      { path: resolv, text: 'nameserver 127.0.0.1\n' },
    ],
    health: { url: `http://${address}:10248/healthz` },
  };
}

export function kubeletConfig({ layout, subnet }: Plan, node: string, resolvConf: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pkiFile(layout, 'ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: pkiFile(layout, `${node}-serving.crt`),
    tlsPrivateKeyFile: pkiFile(layout, `${node}-serving.key`),
    healthzBindAddress: nodeAddress(subnet, nodeIndex(node)),
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${clusterCgroup(layout.key)}/${node}`,
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    clusterDNS: [network.dnsService],
    clusterDomain: network.domain,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    resolvConf,
    volumePluginDir: join(nodeFolder(layout, node), 'volume-plugins'),
    maxPods: 200,
    nodeStatusUpdateFrequency: '5s',
    nodeLeaseDurationSeconds: 12,
    serializeImagePulls: false,
    // The disk and the memory are shared with the rest of the machine; images are loaded, not pulled, so none may be collected.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    logging: { format: 'text' },
  };
}

export function proxySpec({ layout, programs, subnet }: Plan, node: string): PartSpec {
  const config = join(nodeFolder(layout, node), 'kube-proxy.json');
  const address = nodeAddress(subnet, nodeIndex(node));
  const settings = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clusterCIDR: network.podRange,
    hostnameOverride: node,
    clientConnection: { kubeconfig: join(layout.conf, 'kube-proxy.kubeconfig') },
    healthzBindAddress: `${address}:10256`,
    metricsBindAddress: `${address}:10249`,
    oomScoreAdj: 0,
    conntrack: { maxPerCore: 0 },
  };
  return {
    name: `kube-proxy-${node}`,
    machine: node,
    program: programs.kube,
    arguments: ['kube-proxy', `--config=${config}`],
    files: [{ path: config, text: `${JSON.stringify(settings, null, 2)}\n` }],
    health: { url: `http://${address}:10256/healthz` },
  };
}
