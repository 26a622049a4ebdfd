import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A free port of the loopback interface. Another process may take it before its user does; tests then fail at the start. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Resolves when something accepts connections there. */
export async function whenListening(port: number, patienceMs = 60_000): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    if (performance.now() > end) throw new Error(`nothing listens on port ${port} after ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when `condition` holds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patienceMs = 60_000,
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A child process whose output is kept for messages. */
export class Child {
  readonly process: ChildProcess;
  output = '';

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, cwd?: string) {
    this.process = spawn(command, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString()).slice(-64_000);
    };
    this.process.stdout?.on('data', keep);
    this.process.stderr?.on('data', keep);
    this.process.on('error', (error) => keep(Buffer.from(String(error))));
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Sends a signal and waits for the end. @returns the exit code, or the signal that ended it */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | string> {
    const gone = new Promise<void>((resolve) => {
      if (!this.running) resolve();
      else this.process.once('exit', () => resolve());
    });
    this.process.kill(signal);
    await gone;
    return this.process.exitCode ?? this.process.signalCode ?? '';
  }
}

/** A real redis-server of Debian's package, in memory only, which can be killed and started again on its port. */
export class RealRedis {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'motif-redis-'));
  readonly #args: readonly string[];
  #child: Child | undefined;

  constructor(port: number, args: readonly string[] = []) {
    this.port = port;
    this.#args = args;
  }

  static async start(args: readonly string[] = []): Promise<RealRedis> {
    const redis = new RealRedis(await freePort(), args);
    await redis.start();
    return redis;
  }

  get child(): Child {
    if (this.#child === undefined) throw new Error('redis-server has not been started');
    return this.#child;
  }

  async start(): Promise<void> {
    const fixed = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      this.#folder,
    ];
    this.#child = new Child('redis-server', [...fixed, '--enable-debug-command', 'yes', ...this.#args]);
    await whenListening(this.port);
  }

  async kill(): Promise<void> {
    await this.#child?.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
