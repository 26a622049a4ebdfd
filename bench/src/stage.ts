import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError, Processes, requirePrograms } from './processes.ts';
import { root } from './repository.ts';

/** Core of the proxy that is measured; everything else runs on the other. */
export const PROXY_CORE = 0;
export const LOAD_CORE = 1;

/** What every benchmark needs: its processes and a folder for files; `close` ends and removes all of it. */
export interface Stage {
  readonly processes: Processes;
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * Makes the stage and sets it up. What `setUp` started is ended when it fails.
 * @param programs what has to be installed, and the Debian package that brings it
 */
export async function openStage<T extends object>(
  programs: Readonly<Record<string, string>>,
  setUp: (stage: Stage) => Promise<T>,
): Promise<Stage & T> {
  requirePrograms({ taskset: 'util-linux', go: 'golang-go', ...programs });
  if (cpus().length < 2)
    throw new BenchError(
      'TooFewCores',
      'this benchmark needs two cores: one for the proxy alone, one for backends and load',
    );
  const folder = mkdtempSync(join(tmpdir(), 'motif-bench-'));
  const processes = new Processes();
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const close = async (): Promise<void> => {
    await processes.stopAll();
    remove();
  };
  const stage = { processes, folder, close };
  try {
    return { ...stage, ...(await setUp(stage)) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Builds a load generator in Go and returns the program's path. @param source its folder, from the repository's root */
export function buildLoad(stage: Stage, source: string): string {
  const file = join(stage.folder, 'load');
  const env = {
    ...process.env,
    PATH: `${process.env.PATH}:/usr/local/go/bin`,
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-mod=mod',
  };
  execFileSync('go', ['build', '-trimpath', '-o', file, '.'], {
    cwd: join(root, source),
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return file;
}
