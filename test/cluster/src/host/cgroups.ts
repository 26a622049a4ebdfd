import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '../base/wait.ts';
import { parseMounts } from './mounts.ts';

export interface Hierarchy {
  readonly path: string;
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
}

/** Every cgroup hierarchy that is mounted. */
export function parseHierarchies(mountinfo: string): Hierarchy[] {
  return parseMounts(mountinfo).flatMap(({ path, type, superOptions }): Hierarchy[] => {
    if (type === 'cgroup') return [{ path, version: 1, controllers: superOptions.filter(isController) }];
    return type === 'cgroup2' ? [{ path, version: 2, controllers: [] }] : [];
  });
}

/**
 * The hierarchies that containers are limited by. On a machine with both versions the second one has no controllers of use, but runc makes
 * its folders there as well: what is looked for and removed is always looked for in all of them.
 */
export function usedHierarchies(all: readonly Hierarchy[]): Hierarchy[] {
  const first = all.filter(({ version }) => version === 1);
  return first.length > 0 ? first : [...all];
}

function isController(option: string): boolean {
  return (
    !['rw', 'ro', 'xattr', 'noprefix', 'clone_children', 'cpuset_v2_mode'].includes(option) && !option.includes('=')
  );
}

export function hierarchies(): Hierarchy[] {
  return parseHierarchies(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** The cluster's folder in each hierarchy; everything that runs for it, pods included, is below one of them. */
export function clusterCgroup(key: string): string {
  return `motif-${key}`;
}

/** Makes `motif-<key>/<name>` in every hierarchy, with what a child needs to be usable. */
export function makeCgroup(key: string, name: string): void {
  for (const hierarchy of usedHierarchies(hierarchies())) {
    const top = join(hierarchy.path, clusterCgroup(key));
    const folder = join(top, name);
    mkdirSync(folder, { recursive: true });
    if (hierarchy.version === 2) {
      enableControllers(hierarchy.path);
      enableControllers(top);
    }
    if (hierarchy.controllers.includes('cpuset')) {
      inheritCpuset(hierarchy.path, top);
      inheritCpuset(top, folder);
    }
  }
}

/** A new cpuset is empty and nothing can join it; it starts with what its parent has. */
function inheritCpuset(parent: string, folder: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const target = join(folder, file);
    if (readFileSync(target, 'utf8').trim() === '') writeFileSync(target, readFileSync(join(parent, file), 'utf8'));
  }
}

function enableControllers(folder: string): void {
  const wanted = readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' ').filter(Boolean);
  for (const controller of wanted) {
    try {
      writeFileSync(join(folder, 'cgroup.subtree_control'), `+${controller}`);
    } catch {
      // A controller that this machine does not hand down is one that kubelet then reports as missing.
    }
  }
}

/** The file whose writing puts a process under the cluster's `parts` cgroup: one hierarchy is enough to find it again. */
export function joinFile(key: string): string {
  const all = usedHierarchies(hierarchies());
  const chosen = all.find((hierarchy) => hierarchy.controllers.includes('pids')) ?? all[0];
  return join(chosen?.path ?? '/sys/fs/cgroup', clusterCgroup(key), 'parts', 'cgroup.procs');
}

/** The processes below the cluster's cgroups, pods' included. */
export function cgroupProcesses(key: string): number[] {
  const pids = new Set<number>();
  for (const folder of cgroupFolders(key)) {
    for (const line of readLines(join(folder, 'cgroup.procs'))) pids.add(Number(line));
  }
  return [...pids];
}

/** The cluster's cgroups of all hierarchies, the deepest first. */
export function cgroupFolders(key: string): string[] {
  return hierarchies().flatMap((hierarchy) => below(join(hierarchy.path, clusterCgroup(key))));
}

function below(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...children.flatMap((entry) => below(join(folder, entry.name))), folder];
}

/** Removes the cluster's cgroups; the kernel frees them a moment after their last process, so this waits. */
export async function removeCgroups(key: string): Promise<void> {
  await waitFor(
    'removing the cgroups',
    () => {
      for (const folder of cgroupFolders(key)) {
        try {
          rmdirSync(folder);
        } catch {
          // still busy, or gone already: looked at again in the next round
        }
      }
      return cgroupFolders(key).length === 0;
    },
    { timeoutMs: 20_000, seen: () => cgroupFolders(key).join(' ') },
  );
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
