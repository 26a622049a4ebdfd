import { type ChildProcess, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Topology } from '@motif/api/topology';
import { BenchError, freePort, listening } from './processes.ts';
import { root } from './repository.ts';
import { PROXY_CORE, type Stage } from './stage.ts';

/** A proxy that runs, pinned to its core. */
export interface RunningProxy {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Of the process that carries the traffic. */
  readonly pid: number;
}

/** Bundles our sharding ambassador, so that the program measured is the one in the image; a copy, which a later bundle leaves alone. */
export function bundleAmbassador(stage: Stage): void {
  execFileSync(process.execPath, ['tools/bundle/main.ts', 'sharding'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  copyFileSync(join(root, 'dist/sharding/main.mjs'), join(stage.folder, 'main.mjs'));
}

/** Our ambassador from its bundle, started with the flags of its Dockerfile. */
export async function startAmbassador(stage: Stage, topology: Topology): Promise<RunningProxy> {
  const [port, admin] = [await freePort(), await freePort()];
  const folder = join(stage.folder, `ours-${port}`);
  mkdirSync(join(folder, 'secrets'), { recursive: true });
  const file = join(folder, 'topology.json');
  writeFileSync(file, JSON.stringify(topology));
  const child = stage.processes.start(PROXY_CORE, process.execPath, imageArguments(stage), {
    ...imageEnvironment(),
    PATH: process.env.PATH,
    LISTEN: `127.0.0.1:${port}`,
    ADMIN_LISTEN: `127.0.0.1:${admin}`,
    TOPOLOGY: file,
    SECRETS_DIR: join(folder, 'secrets'),
    LOG_LEVEL: 'warn',
  });
  await listening(port, 'the sharding ambassador', child);
  return running('motif', port, child);
}

/** @param pid of the process that carries the traffic, where it is not `child` itself */
export function running(name: string, port: number, child: ChildProcess, pid = child.pid): RunningProxy {
  if (pid === undefined) throw new BenchError('NotStarted', `${name} did not start`);
  return { name, port, process: child, pid };
}

/** Writes a configuration of `bench/` with its words in capitals filled in, and returns the file's path. */
export function filledIn(stage: Stage, template: string, values: Readonly<Record<string, string | number>>): string {
  let text = readFileSync(join(root, 'bench', template), 'utf8');
  for (const [word, value] of Object.entries(values)) text = text.replaceAll(word, String(value));
  const file = join(stage.folder, template.replaceAll('/', '-'));
  writeFileSync(file, text);
  return file;
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

/** What the image sets for the runtime itself. Its settings are the benchmark's own. */
function imageEnvironment(): Record<string, string> {
  const lines = dockerfile().matchAll(/^ENV (NODE_OPTIONS|MALLOC_\w+)="?([^"\n]*)"?$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}
