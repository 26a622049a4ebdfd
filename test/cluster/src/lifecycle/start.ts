import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { corednsObjects } from '../addons/coredns.ts';
import { metricsServerObjects } from '../addons/metrics-server.ts';
import { storageObjects } from '../addons/storage.ts';
import { Api } from '../base/api.ts';
import { ClusterError } from '../base/errors.ts';
import type { Layout } from '../base/layout.ts';
import { network } from '../base/versions.ts';
import { waitFor } from '../base/wait.ts';
import { makeCgroup } from '../host/cgroups.ts';
import { run } from '../host/run.ts';
import type { ImageArchive } from '../images/assemble.ts';
import { loadImages } from '../images/load.ts';
import { end } from '../machine/launch.ts';
import { controlMachine, findMachine, type Machine, nodeIndex, startMachine } from '../machine/machine.ts';
import { connectControl, connectNode, isConnected } from '../machine/network.ts';
import { renderKubeconfig } from '../pki/authority.ts';
import { makeControlCertificates, makeNodeCertificates, pkiFile } from '../pki/certificates.ts';
import { controlParts, nodeParts, planOf } from './parts.ts';
import type { State } from './state.ts';

/** Says what is being done, one line each. */
export type Say = (line: string) => void;

/** Starts the machines that do not run and connects them; the first step of all, because everything else runs in them. */
export async function startMachines(layout: Layout, state: State): Promise<void> {
  for (const folder of [layout.log, layout.conf, layout.parts]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  makeCgroup(layout.key, 'parts');
  let control = findMachine(layout, controlMachine);
  if (!control) {
    control = await startMachine(layout, controlMachine, state.programs.pause);
    await connectControl(layout.key, control, state.subnet);
  }
  for (const name of state.nodes) await ensureNodeMachine(layout, state, control, name);
}

async function ensureNodeMachine(layout: Layout, state: State, control: Machine, name: string): Promise<void> {
  const found = findMachine(layout, name);
  if (found && isConnected(found)) return;
  if (found) await end(found.process, 'SIGKILL'); // an interruption came between its start and its connection
  makeCgroup(layout.key, name);
  const machine = await startMachine(layout, name, state.programs.pause);
  const others = state.nodes.filter((other) => other !== name).flatMap((other) => findMachine(layout, other) ?? []);
  await connectNode(control, machine, state.subnet, others);
}

/** Starts the control plane as far as it does not run, and waits until the API server answers. */
export async function startControl(layout: Layout, state: State, say: Say): Promise<void> {
  const parts = controlParts(planOf(layout, state));
  say('starting the control plane: etcd, kube-apiserver, kube-controller-manager, kube-scheduler');
  await Promise.all([parts.etcd.start(), makeControlCertificates(layout, state.subnet)]);
  writeKubeconfig(layout, state, 'admin', layout.kubeconfig);
  for (const name of ['kube-controller-manager', 'kube-scheduler', 'kube-proxy']) {
    writeKubeconfig(layout, state, name, join(layout.conf, `${name}.kubeconfig`));
  }
  await parts.apiserver.start({ timeoutMs: 120_000 });
  await Promise.all([parts.controllerManager.start(), parts.scheduler.start(), parts.storage.start()]);
}

function writeKubeconfig(layout: Layout, state: State, name: string, file: string): void {
  const text = renderKubeconfig({
    server: `https://${state.subnet.control}:${network.apiPort}`,
    authority: pkiFile(layout, 'ca.crt'),
    certificate: pkiFile(layout, `${name}.crt`),
    key: pkiFile(layout, `${name}.key`),
  });
  writeFileSync(file, text, { mode: 0o600 });
}

/** Starts a node's container runtime and loads the images that it does not have. */
export async function startRuntime(
  layout: Layout,
  state: State,
  node: string,
  archives: readonly ImageArchive[],
): Promise<void> {
  const { containerd } = nodeParts(planOf(layout, state), node, state.containerd);
  await containerd.start();
  const machine = findMachine(layout, node);
  if (!machine) throw new ClusterError('NotRunning', `the machine ${node} has ended`);
  await loadImages(machine, archives);
}

/** Starts the rest of a node once the API server answers, and waits until the node is ready. */
export async function startKubelet(layout: Layout, state: State, node: string): Promise<void> {
  await makeNodeCertificates(layout, node, state.subnet);
  writeKubeconfig(layout, state, node, join(layout.conf, `${node}.kubeconfig`));
  const { kubelet, proxy } = nodeParts(planOf(layout, state), node, state.containerd);
  await Promise.all([kubelet.start(), proxy.start()]);
  const api = new Api(layout.kubeconfig);
  await waitFor(`node ${node} to be Ready`, () => isNodeReady(api, node), {
    timeoutMs: 90_000,
    everyMs: 250,
    seen: () => kubelet.logTail(10),
  });
}

async function isNodeReady(api: Api, node: string): Promise<boolean> {
  const answer = await api.call('GET', `/api/v1/nodes/${node}`).catch(() => undefined);
  if (answer?.status !== 200) return false;
  return hasCondition(JSON.parse(answer.body), 'Ready');
}

function hasCondition(object: { status?: { conditions?: { type: string; status: string }[] } }, type: string): boolean {
  return object.status?.conditions?.some((entry) => entry.type === type && entry.status === 'True') ?? false;
}

/** Applies DNS, metrics and storage classes. */
export async function applyAddons(layout: Layout, state: State): Promise<void> {
  const items = [...corednsObjects(), ...storageObjects(), ...metricsServerObjects()];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const flags = ['apply', '--server-side', '--force-conflicts', '--field-manager=motif-cluster', '-f', '-'];
  await run(state.programs.kube, ['kubectl', '--kubeconfig', layout.kubeconfig, ...flags], { input: list });
}

/** Waits for what tests rely on from the first moment: DNS answers, and API discovery is whole (the metrics API is part of it). */
export async function waitUsable(layout: Layout): Promise<void> {
  const api = new Api(layout.kubeconfig);
  const ready = (path: string, type: string) => async () => {
    const answer = await api.call('GET', path).catch(() => undefined);
    return answer?.status === 200 && hasCondition(JSON.parse(answer.body), type);
  };
  const options = { timeoutMs: 120_000, everyMs: 250 };
  await Promise.all([
    waitFor('cluster DNS', ready('/apis/apps/v1/namespaces/kube-system/deployments/coredns', 'Available'), options),
    waitFor(
      'the metrics API',
      ready('/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io', 'Available'),
      options,
    ),
    waitFor(
      'the default service account',
      async () => {
        const answer = await api
          .call('GET', '/api/v1/namespaces/default/serviceaccounts/default')
          .catch(() => undefined);
        return answer?.status === 200;
      },
      options,
    ),
  ]);
}

/** The nodes' names in the order of their numbers. */
export function sortNodes(nodes: Iterable<string>): string[] {
  return [...new Set(nodes)].sort((a, b) => nodeIndex(a) - nodeIndex(b));
}
