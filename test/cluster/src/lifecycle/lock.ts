import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { waitFor } from '../base/wait.ts';
import { identify, isAlive, type ProcessId } from '../host/processes.ts';

/**
 * Does `work` while no other process works on the same cluster. The lock names its holder, so that one that was killed does not
 * keep it.
 * @throws ClusterError `TimedOut` after `timeoutMs`, naming the process that holds it.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, timeoutMs = 600_000): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  await waitFor(`the lock ${file}`, () => take(file), {
    timeoutMs,
    seen: () => `held by process ${holder(file)?.pid ?? 'unknown'}`,
  });
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch {
    const held = holder(file);
    if (held && isAlive(held)) return false;
    // Two that find the same dead holder may both remove the file, but only one of them makes the next one: `wx` decides.
    if (held) rmSync(file, { force: true });
    else if (emptyFor(file)) rmSync(file, { force: true });
    return false;
  }
}

/** The holder writes its name right after making the file; only one that was killed in between leaves it empty. */
const firstSeenEmpty = new Map<string, number>();

function emptyFor(file: string): boolean {
  const first = firstSeenEmpty.get(file) ?? performance.now();
  firstSeenEmpty.set(file, first);
  return performance.now() - first > 2000;
}

function holder(file: string): ProcessId | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessId;
  } catch {
    return undefined;
  }
}
