import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError, freePort, listening, Processes, requirePrograms } from '../processes.ts';
import { root } from '../repository.ts';

/** Core of the proxy that is measured; everything else runs on the other. */
export const PROXY_CORE = 0;
export const LOAD_CORE = 1;

/** What a round needs: three shards, the load generators, a folder for files; `close` ends and removes all of it. */
export interface Stage {
  readonly processes: Processes;
  readonly folder: string;
  readonly shards: readonly number[];
  /** Path of our load generator (`bench/redis/load`). */
  readonly load: string;
  close(): Promise<void>;
}

const PROGRAMS = {
  'redis-server': 'redis-server',
  'redis-benchmark': 'redis-tools',
  'redis-cli': 'redis-tools',
  nutcracker: 'nutcracker',
  taskset: 'util-linux',
  go: 'golang-go',
};

/** Starts three redis-servers and builds the load generator. Throws `BenchError` with what is missing. */
export async function openStage(): Promise<Stage> {
  requirePrograms(PROGRAMS);
  if (cpus().length < 2)
    throw new BenchError(
      'TooFewCores',
      'this benchmark needs two cores: one for the proxy alone, one for shards and load',
    );
  const folder = mkdtempSync(join(tmpdir(), 'motif-bench-'));
  const processes = new Processes();
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const close = async (): Promise<void> => {
    await processes.stopAll();
    remove();
  };
  try {
    const shards: number[] = [];
    for (let i = 0; i < 3; i++) shards.push(await startShard(processes, folder));
    return { processes, folder, shards, load: buildLoad(folder), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startShard(processes: Processes, folder: string): Promise<number> {
  const port = await freePort();
  const quiet = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning', '--dir', folder];
  const child = processes.start(LOAD_CORE, 'redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...quiet]);
  await listening(port, 'redis-server', child);
  return port;
}

function buildLoad(folder: string): string {
  const file = join(folder, 'load');
  const env = {
    ...process.env,
    PATH: `${process.env.PATH}:/usr/local/go/bin`,
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-mod=mod',
  };
  execFileSync('go', ['build', '-trimpath', '-o', file, '.'], {
    cwd: join(root, 'bench/redis/load'),
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return file;
}

/** A command's answer from one server, as redis-cli prints it. */
export function ask(port: number, ...command: string[]): string {
  return execFileSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' }).trim();
}

/** Hits, misses and commands that the shards have counted so far, over all of them. */
export interface Counted {
  readonly hits: number;
  readonly misses: number;
}

/** Reads the shards' own counters: they, not the load generator, say whether every GET found its key. */
export function counted(shards: readonly number[]): Counted {
  const stats = shards.map((port) => ask(port, 'INFO', 'stats'));
  const sum = (name: string): number =>
    stats.reduce((total, text) => total + Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN), 0);
  return { hits: sum('keyspace_hits'), misses: sum('keyspace_misses') };
}
