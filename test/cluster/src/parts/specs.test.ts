import { expect, test } from 'vitest';

import { createLayout } from '../base/layout.ts';
import { subnetAt } from '../host/subnets.ts';
import { apiserverSpec, etcdSpec } from './control.ts';
import { cniConfig, containerdConfig, kubeletConfig, kubeletSpec } from './node.ts';
import { flags, type Plan } from './spec.ts';

const programs = { kube: '/k', pause: '/p', helm: '/h', coredns: '/c', metricsServer: '/m', node: '/n' };
const layout = createLayout({ checkout: '/src', home: '/home/me', env: {} });
const plan: Plan = { layout, subnet: subnetAt(3), programs };

test('flags', () => {
  expect(flags({ a: 1, b: true, c: 'x y' })).toEqual(['--a=1', '--b=true', '--c=x y']);
});

test('the API server is set up for aggregated APIs, which metrics need', () => {
  const { arguments: given } = apiserverSpec(plan);
  expect(given).toContain('--enable-aggregator-routing=true');
  expect(given).toContain(`--requestheader-client-ca-file=${layout.pki}/front-proxy-ca.crt`);
  expect(given).toContain(`--proxy-client-cert-file=${layout.pki}/front-proxy-client.crt`);
  expect(given).toContain('--advertise-address=198.18.3.10');
});

test('etcd is reachable only inside the control machine', () => {
  const addresses = etcdSpec(plan).arguments.filter((flag) => /^--(listen|advertise)-(client|peer)/.test(flag));
  expect(addresses.length).toBeGreaterThan(2);
  for (const flag of addresses) expect(flag).toContain('=http://127.0.0.1:');
});

test('two nodes share no folder, address or cgroup', () => {
  const texts = ['node-1', 'node-2'].map((node) => {
    const spec = kubeletSpec(plan, node);
    return [...spec.arguments, ...(spec.files ?? []).map(({ path }) => path)].filter((text) => text !== 'kubelet');
  });
  expect(texts[0]?.filter((text) => texts[1]?.includes(text))).toEqual([]);
  expect(kubeletConfig(plan, 'node-2', '/r')).toMatchObject({
    cgroupRoot: `/motif-${layout.key}/node-2`,
    healthzBindAddress: '198.18.3.12',
    clusterDNS: ['10.96.0.10'],
  });
});

test('kubelet takes no images or pods away because the machine around it is full', () => {
  expect(kubeletConfig(plan, 'node-1', '/r')).toMatchObject({
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'nodefs.available': '1%', 'imagefs.available': '1%' },
  });
});

test('each node hands out addresses of its own range', () => {
  expect(JSON.parse(cniConfig(2)).plugins[0]).toMatchObject({
    type: 'bridge',
    ipMasq: true,
    ipam: { ranges: [[{ subnet: '10.244.2.0/24' }]] },
  });
});

test('containerd runs without CAP_SYS_RESOURCE', () => {
  expect(containerdConfig('/cni')).toContain('restrict_oom_score_adj = true');
  expect(containerdConfig('/cni')).toContain('conf_dir = "/cni"');
});
