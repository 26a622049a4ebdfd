import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localTopology } from '@motif/api/topology/testing';

const root = join(import.meta.dirname, '../../..');

/** Real redis-servers and our real ambassador as processes on loopback: what a client sees without any Kubernetes around it. */
export interface Local {
  /** A redis-server alone: how Redis itself answers. */
  readonly single: number;
  readonly shards: readonly number[];
  readonly proxy: number;
  readonly admin: number;
  /** Process id of the ambassador; 0 without one. */
  readonly ambassadorPid: number;
  /** Writes the topology again with these changes and the next epoch. */
  changeTopology(changes: Readonly<Record<string, unknown>>): void;
  /** Kills a shard's process (its data is gone with it); `restartShard` starts an empty one on the same port. */
  killShard(index: number): Promise<void>;
  restartShard(index: number): Promise<void>;
  close(): Promise<void>;
}

/** What a test may want to be different. */
export interface LocalOptions {
  readonly topology?: Readonly<Record<string, unknown>>;
  /** Files of the secrets folder. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Further arguments of each shard's redis-server (a password). */
  readonly shardArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** False: redis-servers only. */
  readonly ambassador?: boolean;
}

/** Starts one redis-server alone, three as shards, and the ambassador before them. */
export async function startLocal(options: LocalOptions = {}): Promise<Local> {
  const folder = mkdtempSync(join(tmpdir(), 'motif-redis-'));
  const running = new Set<ChildProcess>();
  const close = async (): Promise<void> => {
    await Promise.all([...running].map((child) => stop(child)));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return await start(folder, running, options, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  folder: string,
  running: Set<ChildProcess>,
  options: LocalOptions,
  close: () => Promise<void>,
): Promise<Local> {
  const redis = async (port: number, more: readonly string[]): Promise<ChildProcess> => {
    const quiet = ['--save', '', '--appendonly', 'no', '--dir', folder];
    return launch(
      running,
      port,
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', ...quiet, ...more],
      {},
    );
  };
  const single = await freePort();
  await redis(single, []);
  const shards = [await freePort(), await freePort(), await freePort()];
  const processes: ChildProcess[] = [];
  for (const port of shards) processes.push(await redis(port, options.shardArguments ?? []));
  const [proxy, admin] = [await freePort(), await freePort()];
  let epoch = 0;
  // A longer time-out than the default: a busy machine must not reach it.
  const failure = { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '1s', timeout: '5s', onReturn: 'Serve' } as const;
  let document = { ...localTopology(shards, { failure }), ...options.topology };
  const file = join(folder, 'topology.json');
  const write = (): void => writeFileSync(file, JSON.stringify({ ...document, epoch: ++epoch }));
  write();
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets);
  for (const [name, content] of Object.entries(options.secrets ?? {})) writeFileSync(join(secrets, name), content);
  const env = {
    LISTEN: `127.0.0.1:${proxy}`,
    ADMIN_LISTEN: `127.0.0.1:${admin}`,
    TOPOLOGY: file,
    SECRETS_DIR: secrets,
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const main = join(root, 'ambassadors/sharding/src/main.ts');
  const ambassador =
    options.ambassador === false ? undefined : await launch(running, proxy, process.execPath, [main], env);
  if (ambassador !== undefined) await ready(admin);
  return {
    single,
    shards,
    proxy,
    admin,
    ambassadorPid: ambassador?.pid ?? 0,
    changeTopology(changes) {
      document = { ...document, ...changes };
      write();
    },
    async killShard(index) {
      await stop(processes[index] as ChildProcess, 'SIGKILL');
    },
    async restartShard(index) {
      processes[index] = await redis(shards[index] as number, options.shardArguments ?? []);
    },
    close,
  };
}

async function launch(
  running: Set<ChildProcess>,
  port: number,
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<ChildProcess> {
  const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
  let failed: Error | undefined;
  child.once('error', (error) => {
    failed = error;
  });
  child.once('exit', () => running.delete(child));
  const deadline = Date.now() + 20_000;
  while (!(await accepts(port))) {
    if (failed !== undefined || child.exitCode !== null || Date.now() > deadline)
      throw new Error(`${program} does not listen on 127.0.0.1:${port}: ${failed?.message ?? output}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return child;
}

/** Waits for what the kubelet waits for before it lets a pod's application start. */
async function ready(admin: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${admin}/readyz?verbose`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (Date.now() > deadline) throw new Error(`the ambassador is not ready: ${(await answer?.text()) ?? 'no answer'}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
