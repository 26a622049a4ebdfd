import { readFileSync, rmSync } from 'node:fs';
import type { Layout } from '../base/layout.ts';
import { waitFor } from '../base/wait.ts';
import { cgroupProcesses, removeCgroups } from '../host/cgroups.ts';
import { mountsBelow, parseMounts } from '../host/mounts.ts';
import { identify, isAlive, markedProcesses, type ProcessId, signal } from '../host/processes.ts';
import { tryRun } from '../host/run.ts';
import { removeHostInterface } from '../machine/network.ts';

/**
 * Takes away all that a cluster has left on the machine, whatever state it is in: it looks at what is there and not at what was
 * written down. Does nothing where there is nothing. The caller holds the lock.
 */
export async function takeDown(layout: Layout): Promise<void> {
  await endProcesses(layout.key);
  await removeHostInterface(layout.key);
  await removeCgroups(layout.key);
  await unmountBelow(layout.state);
  rmSync(layout.state, { recursive: true, force: true, maxRetries: 5 });
}

/** The processes of a cluster: those that carry its mark and those in its cgroups, which are pods' own. */
export function clusterProcesses(key: string): ProcessId[] {
  const inCgroups = cgroupProcesses(key).flatMap((pid) => identify(pid) ?? []);
  const all = new Map([...markedProcesses(key), ...inCgroups].map(({ pid, startTime }) => [pid, { pid, startTime }]));
  return [...all.values()].filter(isAlive);
}

/** The first process of each machine takes the rest of it along; asking again catches what was being started meanwhile. */
async function endProcesses(key: string): Promise<void> {
  await waitFor(
    'the end of all processes',
    () => {
      const left = clusterProcesses(key).filter(({ pid }) => pid !== process.pid);
      for (const id of left) signal(id, 'SIGKILL');
      return left.length === 0;
    },
    {
      timeoutMs: 30_000,
      everyMs: 50,
      seen: () =>
        clusterProcesses(key)
          .map(({ pid }) => pid)
          .join(' '),
    },
  );
}

/** A cluster mounts only inside its machines; this is for what someone else may have mounted below its folder. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  for (const mount of mountsBelow(mounts, folder)) await tryRun('umount', ['--lazy', mount.path]);
}
