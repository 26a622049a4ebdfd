import { type ChildProcess, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localTopology } from '@motif/api/topology/testing';
import { BenchError, freePort, listening } from '../processes.ts';
import { root } from '../repository.ts';
import { PROXY_CORE, type Stage } from './stage.ts';

/** A proxy that runs, pinned to its core. */
export interface RunningProxy {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Of the process that carries the traffic. */
  readonly pid: number;
}

/** Starts a proxy before the stage's shards. */
export type StartProxy = (stage: Stage) => Promise<RunningProxy>;

/** Debian's twemproxy with `bench/redis/nutcracker.yml`. */
export async function startTwemproxy(stage: Stage): Promise<RunningProxy> {
  const [port, stats] = [await freePort(), await freePort()];
  const template = readFileSync(join(root, 'bench/redis/nutcracker.yml'), 'utf8');
  const filled = stage.shards.reduce(
    (text, shard, i) => text.replace(`SHARD${i}`, String(shard)),
    template.replace(':LISTEN', `:${port}`),
  );
  const file = join(stage.folder, `nutcracker-${port}.yml`);
  writeFileSync(file, filled);
  const log = join(stage.folder, 'nutcracker.log');
  const child = stage.processes.start(PROXY_CORE, '/usr/sbin/nutcracker', [
    '-c',
    file,
    '-o',
    log,
    '-v',
    '4',
    '-a',
    '127.0.0.1',
    '-s',
    String(stats),
  ]);
  await listening(port, 'nutcracker', child);
  return running('twemproxy', port, child);
}

/** twemproxy's version as it says it, `0.5.0`. */
export function twemproxyVersion(): string {
  return (
    /nutcracker-([\d.]+)/.exec(execFileSync('sh', ['-c', '/usr/sbin/nutcracker -V 2>&1'], { encoding: 'utf8' }))?.[1] ??
    ''
  );
}

/** Bundles our ambassador, so that the program measured is the one in the image; a copy, which a later bundle leaves alone. */
export function bundleOurs(stage: Stage): void {
  execFileSync(process.execPath, ['tools/bundle/main.ts', 'sharding'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  copyFileSync(join(root, 'dist/sharding/main.mjs'), join(stage.folder, 'main.mjs'));
}

/** Our ambassador from its bundle, started with the flags of its Dockerfile. */
export async function startOurs(stage: Stage): Promise<RunningProxy> {
  const [port, admin] = [await freePort(), await freePort()];
  const folder = join(stage.folder, `ours-${port}`);
  mkdirSync(join(folder, 'secrets'), { recursive: true });
  const topology = join(folder, 'topology.json');
  // twemproxy's time-out in nutcracker.yml.
  const failure = { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '5s', timeout: '10s', onReturn: 'Serve' } as const;
  writeFileSync(topology, JSON.stringify(localTopology(stage.shards, { failure })));
  const child = stage.processes.start(PROXY_CORE, process.execPath, imageArguments(stage), {
    ...imageEnvironment(),
    PATH: process.env.PATH,
    LISTEN: `127.0.0.1:${port}`,
    ADMIN_LISTEN: `127.0.0.1:${admin}`,
    TOPOLOGY: topology,
    SECRETS_DIR: join(folder, 'secrets'),
    LOG_LEVEL: 'warn',
  });
  await listening(port, 'the sharding ambassador', child);
  return running('motif', port, child);
}

function running(name: string, port: number, child: ChildProcess): RunningProxy {
  if (child.pid === undefined) throw new BenchError('NotStarted', `${name} did not start`);
  return { name, port, process: child, pid: child.pid };
}

const dockerfile = (): string => readFileSync(join(root, 'images/sharding/Dockerfile'), 'utf8');

/** The arguments that the image gives to node, with the bundle in the place of the image's own path. */
function imageArguments(stage: Stage): string[] {
  const command = /^CMD (\[.*\])$/m.exec(dockerfile())?.[1];
  if (command === undefined) throw new BenchError('NoCommand', 'images/sharding/Dockerfile has no CMD ["..."] line');
  return (JSON.parse(command) as string[]).map((part) =>
    part === '/app/main.mjs' ? join(stage.folder, 'main.mjs') : part,
  );
}

/** Flags that the image sets through NODE_OPTIONS. */
function imageEnvironment(): Record<string, string> {
  const options = /^ENV NODE_OPTIONS="?([^"\n]*)"?$/m.exec(dockerfile())?.[1];
  return options === undefined ? {} : { NODE_OPTIONS: options };
}
