import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Layout } from '@motif/cluster/base/layout';
import { cgroupFolders } from '@motif/cluster/host/cgroups';
import { run } from '@motif/cluster/host/run';
import { clusterProcesses } from '@motif/cluster/lifecycle/down';
import { hostInterface } from '@motif/cluster/machine/network';

/** Whatever of a cluster is still on this machine, one line each; empty when nothing is. */
export async function leftovers(layout: Layout): Promise<string[]> {
  const { key, state } = layout;
  const rules = await run('iptables-save', []);
  const links = await run('ip', ['-o', 'link']);
  const routes = await run('ip', ['-o', 'route', 'show', 'table', 'all']);
  const mine = (text: string) => linesWith(text, [state, hostInterface(key), `motif-${key}`]);
  return [
    ...clusterProcesses(key).map(({ pid }) => `process ${pid} ${readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`),
    ...cgroupFolders(key).map((folder) => `cgroup ${folder}`),
    ...mine(readOr('/proc/mounts')).map((line) => `mount ${line}`),
    ...mine(readOr('/proc/net/unix')).map((line) => `socket ${line}`),
    ...mine(rules).map((line) => `rule ${line}`),
    ...mine(links).map((line) => `interface ${line}`),
    ...mine(routes).map((line) => `route ${line}`),
    ...(existsSync(state) ? [`folder ${state}`] : []),
  ];
}

/** What a cluster must not change about the machine as a whole. */
export interface MachineState {
  readonly namedNamespaces: readonly string[];
  readonly rules: readonly string[];
  readonly mounts: readonly string[];
}

export async function machineState(): Promise<MachineState> {
  return {
    namedNamespaces: existsSync('/run/netns') ? readdirSync('/run/netns').sort() : [],
    rules: (await run('iptables-save', [])).split('\n').filter((line) => line.startsWith('-A')),
    mounts: readOr('/proc/mounts').split('\n').sort(),
  };
}

function linesWith(text: string, words: readonly string[]): string[] {
  return text.split('\n').filter((line) => words.some((word) => line.includes(word)));
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
