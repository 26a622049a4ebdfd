import { existsSync, readFileSync } from 'node:fs';

import { network } from '../base/versions.ts';
import { run, tryRun } from '../host/run.ts';
import { nodeAddress, parseUsed, pickSubnet, podRange, type Subnet } from '../host/subnets.ts';
import { type Machine, nodeIndex, runInNetwork } from './machine.ts';

/** The host's end of the wire to a cluster. Interface names have at most 15 characters. */
export function hostInterface(key: string): string {
  return `motif${key}`;
}

/** Chooses a network that overlaps nothing the machine routes now. */
export async function chooseSubnet(key: string): Promise<Subnet> {
  const routes = await run('ip', ['-4', '-o', 'route', 'show', 'table', 'all']);
  const addresses = await run('ip', ['-4', '-o', 'addr', 'show']);
  return pickSubnet(key, parseUsed(routes, addresses));
}

/**
 * The control machine holds the switch: a bridge with its own address, a wire to the host and later one to each node. No rule of the
 * host's firewall is touched, and no machine has a default route: nothing leaves.
 */
export async function connectControl(key: string, control: Machine, subnet: Subnet): Promise<void> {
  const name = hostInterface(key);
  await removeHostInterface(key);
  await run('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', 'up0', 'netns', String(control.process.pid)]);
  await run('ip', ['addr', 'add', `${subnet.host}/24`, 'dev', name]);
  await run('ip', ['link', 'set', name, 'up']);
  await inNetwork(control, [
    'ip link set lo up',
    'ip link add br0 type bridge',
    'ip link set up0 master br0 up',
    `ip addr add ${subnet.control}/24 dev br0`,
    'ip link set br0 up',
    'sysctl -qw net.bridge.bridge-nf-call-iptables=0 || true',
  ]);
}

/** Gives a node its wire, its address and the ways to the pods of the nodes that are there. */
export async function connectNode(
  control: Machine,
  node: Machine,
  subnet: Subnet,
  others: readonly Machine[],
): Promise<void> {
  const index = nodeIndex(node.name);
  const address = nodeAddress(subnet, index);
  const port = `n${index}`;
  await inNetwork(control, [
    `ip link del ${port} 2>/dev/null || true`,
    `ip link add ${port} type veth peer name eth0 netns ${node.process.pid}`,
    `ip link set ${port} master br0 up`,
    `ip route replace ${podRange(index)} via ${address}`,
  ]);
  await inNetwork(node, [
    'ip link set lo up',
    `ip addr add ${address}/24 dev eth0`,
    'ip link set eth0 up',
    // a packet to a Service needs some route before kube-proxy's rules rewrite it
    `ip route add ${network.serviceRange} dev eth0`,
    'sysctl -qw net.ipv4.ip_forward=1',
    'sysctl -qw net.bridge.bridge-nf-call-iptables=1',
    'iptables -A FORWARD -j ACCEPT',
  ]);
  for (const other of others) {
    const otherIndex = nodeIndex(other.name);
    await inNetwork(node, [`ip route replace ${podRange(otherIndex)} via ${nodeAddress(subnet, otherIndex)}`]);
    await inNetwork(other, [`ip route replace ${podRange(index)} via ${address}`]);
  }
}

/** Whether a node has its wire: `/proc/<pid>/net` shows the network of that process. */
export function isConnected(machine: Machine): boolean {
  return readFileSync(`/proc/${machine.process.pid}/net/dev`, 'utf8').includes('eth0:');
}

/** The interface goes with the control machine's namespace, a moment later; this does not wait for that moment. */
export async function removeHostInterface(key: string): Promise<void> {
  const name = hostInterface(key);
  if (existsSync(`/sys/class/net/${name}`)) await tryRun('ip', ['link', 'del', name]);
}

async function inNetwork(machine: Machine, lines: readonly string[]): Promise<void> {
  await runInNetwork(machine, ['/bin/sh', '-ec', lines.join('\n')]);
}
