import { execFileSync } from 'node:child_process';
import { freePort, listening } from '../processes.ts';
import { buildLoad, LOAD_CORE, openStage, type Stage } from '../stage.ts';

/** Three redis-servers, and the path of our load generator (`bench/redis/load`). */
export interface RedisStage extends Stage {
  readonly shards: readonly number[];
  readonly load: string;
}

const PROGRAMS = {
  'redis-server': 'redis-server',
  'redis-benchmark': 'redis-tools',
  'redis-cli': 'redis-tools',
  nutcracker: 'nutcracker',
};

/** Starts three redis-servers and builds the load generator. Throws `BenchError` with what is missing. */
export function openRedisStage(): Promise<RedisStage> {
  return openStage(PROGRAMS, async (stage) => {
    const shards: number[] = [];
    for (let i = 0; i < 3; i++) shards.push(await startShard(stage));
    return { shards, load: buildLoad(stage, 'bench/redis/load') };
  });
}

async function startShard({ processes, folder }: Stage): Promise<number> {
  const port = await freePort();
  const quiet = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning', '--dir', folder];
  const child = processes.start(LOAD_CORE, 'redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...quiet]);
  await listening(port, 'redis-server', child);
  return port;
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
