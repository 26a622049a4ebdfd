import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process for certain: its number may be used again, the pair with its start time is not (until a reboot). */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTime: string;
}

/** Field 22 of `/proc/<pid>/stat` (proc(5)); the program's name may hold spaces and parentheses, so it is cut off first. */
export function parseStartTime(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** The process's state letter: `Z` for one that has ended but is not collected. */
export function parseState(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0];
}

/** The variables of `/proc/<pid>/environ`. */
export function parseEnvironment(text: string): Map<string, string> {
  const pairs = text.split('\0').filter((entry) => entry.includes('='));
  return new Map(pairs.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}

export function identify(pid: number): ProcessId | undefined {
  const stat = readProc(pid, 'stat');
  const startTime = stat === undefined ? undefined : parseStartTime(stat);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether the process runs: one that has ended and waits to be collected does not. */
export function isAlive(id: ProcessId): boolean {
  const stat = readProc(id.pid, 'stat');
  return stat !== undefined && parseStartTime(stat) === id.startTime && parseState(stat) !== 'Z';
}

export interface MarkedProcess extends ProcessId {
  readonly part: string;
  readonly program: string;
}

/** The environment variables that every process of a cluster carries. */
export const marker = { cluster: 'MOTIF_CLUSTER_KEY', part: 'MOTIF_CLUSTER_PART' } as const;

/** The processes whose environment says that they belong to this cluster; containers' processes carry no such mark. */
export function markedProcesses(key: string): MarkedProcess[] {
  return allPids().flatMap((pid) => {
    const environment = readProc(pid, 'environ');
    if (!environment?.includes(`${marker.cluster}=${key}`)) return [];
    const variables = parseEnvironment(environment);
    const id = identify(pid);
    if (variables.get(marker.cluster) !== key || id === undefined || !isAlive(id)) return [];
    return [{ ...id, part: variables.get(marker.part) ?? '', program: programOf(pid) ?? '' }];
  });
}

/** The program that the process runs; undefined once it has ended. */
export function programOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}

export function childrenOf(pid: number): number[] {
  const text = readProc(pid, `task/${pid}/children`) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

/** Sends a signal to exactly this process; false where it has ended already. */
export function signal(id: ProcessId, name: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false;
  try {
    return process.kill(id.pid, name);
  } catch {
    return false;
  }
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}
