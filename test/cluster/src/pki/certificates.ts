import { join } from 'node:path';

import type { Layout } from '../base/layout.ts';
import { network } from '../base/versions.ts';
import { nodeAddress, type Subnet } from '../host/subnets.ts';
import { nodeIndex } from '../machine/machine.ts';
import { Authority, alternativeNames, type CertificateRequest, clientUse, makeServiceAccountKey } from './authority.ts';

/** Every certificate of the control plane; names are file names in the layout's `pki` folder. */
export function controlCertificates(subnet: Subnet): CertificateRequest[] {
  const client = (name: string, subject: string) => ({ name, subject, extensions: [clientUse] });
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
  const names = ['localhost', ...service, `kubernetes.default.svc.${network.domain}`];
  return [
    {
      name: 'apiserver',
      subject: '/CN=kube-apiserver',
      extensions: [alternativeNames(['127.0.0.1', subnet.control, network.apiService], names)],
    },
    client('admin', '/O=system:masters/CN=admin'),
    client('kube-controller-manager', '/CN=system:kube-controller-manager'),
    client('kube-scheduler', '/CN=system:kube-scheduler'),
    client('kube-proxy', '/CN=system:kube-proxy'),
  ];
}

export function nodeCertificates(node: string, subnet: Subnet): CertificateRequest[] {
  const address = nodeAddress(subnet, nodeIndex(node));
  return [
    { name: `${node}-serving`, subject: `/CN=${node}`, extensions: [alternativeNames([address], [node])] },
    { name: node, subject: `/O=system:nodes/CN=system:node:${node}`, extensions: [clientUse] },
  ];
}

export async function makeControlCertificates(layout: Layout, subnet: Subnet): Promise<void> {
  const [ca, frontProxy] = await Promise.all([
    Authority.open(layout.pki, 'ca'),
    Authority.open(layout.pki, 'front-proxy-ca'),
    makeServiceAccountKey(layout.pki),
  ]);
  const proxyClient = { name: 'front-proxy-client', subject: '/CN=front-proxy-client', extensions: [clientUse] };
  await Promise.all([
    ...controlCertificates(subnet).map((request) => ca.issue(request)),
    frontProxy.issue(proxyClient),
  ]);
}

export async function makeNodeCertificates(layout: Layout, node: string, subnet: Subnet): Promise<void> {
  const ca = await Authority.open(layout.pki, 'ca');
  await Promise.all(nodeCertificates(node, subnet).map((request) => ca.issue(request)));
}

/** The path of a file in the layout's `pki` folder. */
export function pkiFile(layout: Layout, file: string): string {
  return join(layout.pki, file);
}
