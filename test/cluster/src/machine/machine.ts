import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Layout, nodeFolder } from '../base/layout.ts';
import { joinFile } from '../host/cgroups.ts';
import { isAlive, markedProcesses, type ProcessId } from '../host/processes.ts';
import { run } from '../host/run.ts';
import { launch } from './launch.ts';

/**
 * A machine of the cluster: a process in network, mount and process namespaces of its own. The namespaces have no names, so
 * they live exactly as long as that process: when it ends, for whatever reason, the kernel ends all that runs in it, takes
 * its mounts, interfaces and packet rules away, and nothing is left to clean up.
 */
export interface Machine {
  readonly name: string;
  readonly process: ProcessId;
}

export const controlMachine = 'control';

/** `node-1`, `node-2`, … */
export function nodeName(index: number): string {
  return `node-${index}`;
}

export function nodeIndex(name: string): number {
  return Number(name.slice('node-'.length));
}

function machinePart(name: string): string {
  return `machine/${name}`;
}

/** The machine of this name, if it runs. */
export function findMachine(layout: Layout, name: string): Machine | undefined {
  const found = markedProcesses(layout.key).find(
    (process) => process.part === machinePart(name) && process.program.endsWith('/pause'),
  );
  return found && { name, process: { pid: found.pid, startTime: found.startTime } };
}

export function machineAlive(machine: Machine): boolean {
  return isAlive(machine.process);
}

/**
 * What a node must not share with the host: `/run` and `/var/lib` hold sockets, mounts and state under fixed names (containerd's
 * shims, CNI's addresses and namespaces, kubelet's plugin sockets), `/var/log` the pods' logs. `rshared`: kubelet passes mounts on.
 */
const nodeMounts = [
  'mount --make-rshared /',
  'mount -t tmpfs -o mode=755 tmpfs /run',
  'mount --bind "$1/var-lib" /var/lib',
  'mount --bind "$2" /var/log',
].join(' && ');

/** Starts a machine. @param pause the program that is its first process. */
export async function startMachine(layout: Layout, name: string, pause: string): Promise<Machine> {
  const folder = nodeFolder(layout, name);
  const logs = join(layout.log, name);
  mkdirSync(join(folder, 'var-lib'), { recursive: true });
  mkdirSync(logs, { recursive: true });
  const mounts = name === controlMachine ? 'true' : nodeMounts;
  const process = await launch({
    key: layout.key,
    part: machinePart(name),
    joinFile: joinFile(layout.key),
    log: join(layout.log, `${name}.log`),
    command: [
      ...['unshare', '--net', '--mount', '--pid', '--fork', '--propagation', 'slave', '--mount-proc'],
      ...['/bin/sh', '-c', `${mounts} && exec "$0"`, pause, folder, logs],
    ],
    program: pause,
  });
  return { name, process };
}

/** The beginning of a command that runs in all of a machine's namespaces. */
export function inside(machine: Machine): string[] {
  return ['nsenter', '--target', String(machine.process.pid), '--net', '--mount', '--pid'];
}

/** Runs a command in the machine's network only: what it prints is what the machine's own programs would see. */
export function runInNetwork(machine: Machine, command: readonly string[]): Promise<string> {
  return run('nsenter', ['--target', String(machine.process.pid), '--net', ...command]);
}
