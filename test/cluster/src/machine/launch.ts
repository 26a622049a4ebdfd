import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

import { ClusterError } from '../base/errors.ts';
import { waitFor } from '../base/wait.ts';
import { childrenOf, identify, isAlive, marker, type ProcessId, programOf, signal } from '../host/processes.ts';

export interface Launch {
  readonly key: string;
  readonly part: string;
  /** The file that puts a process under the cluster's cgroup. */
  readonly joinFile: string;
  readonly log: string;
  /** A program that forks once into namespaces (`unshare --fork`, `nsenter --pid`), and what it starts there. */
  readonly command: readonly string[];
  /** The program that runs there in the end, resolved: how the child is told from what prepares it. */
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a program in namespaces and gives the identity of the program itself, not of the one that forked it. The forking
 * process is ended then: its child belongs to the namespace's first process, which collects it.
 */
export async function launch(spec: Launch): Promise<ProcessId> {
  const log = openSync(spec.log, 'a');
  const join = 'echo $$ > "$0" && exec "$@"';
  const wrapper = spawn('/bin/sh', ['-c', join, spec.joinFile, ...spec.command], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      ...spec.env,
      [marker.cluster]: spec.key,
      [marker.part]: spec.part,
    },
  });
  closeSync(log);
  let ended: string | undefined;
  wrapper.on('error', (error) => (ended = error.message));
  wrapper.on('exit', (code, name) => (ended = `ended with ${code ?? name}`));
  const found = await waitFor(
    `starting ${spec.part}`,
    () => {
      if (ended !== undefined) throw new ClusterError('PartFailed', `${spec.part} cannot be started: ${ended}`);
      const pid = wrapper.pid === undefined ? undefined : childrenOf(wrapper.pid)[0];
      return pid !== undefined && programOf(pid) === spec.program ? identify(pid) : undefined;
    },
    { timeoutMs: 20_000, everyMs: 5 },
  );
  const forker = wrapper.pid === undefined ? undefined : identify(wrapper.pid);
  if (forker) signal(forker, 'SIGKILL');
  wrapper.unref();
  return found;
}

/** Ends a process by the signal and waits until it is gone; after `graceMs` it is killed. */
export async function end(id: ProcessId, name: NodeJS.Signals = 'SIGTERM', graceMs = 20_000): Promise<void> {
  signal(id, name);
  try {
    await waitFor(`the end of process ${id.pid}`, () => !isAlive(id), { timeoutMs: graceMs, everyMs: 20 });
  } catch {
    signal(id, 'SIGKILL');
    await waitFor(`the end of process ${id.pid}`, () => !isAlive(id), { timeoutMs: 10_000, everyMs: 20 });
  }
}
