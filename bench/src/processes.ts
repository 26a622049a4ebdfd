import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { MotifError } from '@motif/kit';

/** Where a benchmark cannot run or what it found cannot be right; the message is one sentence for a person. */
export class BenchError extends MotifError {}

/** Says which of these programs are missing and how to get them. Throws `MissingProgram`. */
export function requirePrograms(programs: Readonly<Record<string, string>>): void {
  const missing = Object.keys(programs).filter((program) => !isThere(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => programs[program]))].join(' ');
  throw new BenchError('MissingProgram', `this benchmark needs ${missing.join(', ')}: apt-get install ${packages}`);
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/usr/local/go/bin command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The processes of one benchmark: started pinned to a core, and all ended when it is over, whatever happens. */
export class Processes {
  readonly #running = new Map<ChildProcess, string>();

  constructor() {
    // The last resort, where `stopAll` had no chance: nothing may outlive a benchmark.
    process.once('exit', () => {
      for (const child of this.#running.keys()) child.kill('SIGKILL');
    });
  }

  /** Starts a server on one core. Its output is kept for the message when it ends early. */
  start(core: number, program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
    const child = spawn('taskset', ['-c', String(core), program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4096);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#running.set(child, program);
    child.on('exit', (code, signal) => {
      if (this.#running.delete(child))
        process.stderr.write(`motif: ${program} ended (${signal ?? code}):\n${output}\n`);
    });
    return child;
  }

  /** Runs a program to its end on one core and returns what it printed. Throws `LoadFailed` when it does not end well. */
  async run(core: number, program: string, args: readonly string[]): Promise<string> {
    const child = spawn('taskset', ['-c', String(core), program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.set(child, program);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    this.#running.delete(child);
    if (code !== 0)
      throw new BenchError(
        'LoadFailed',
        `${program} ${args.join(' ')} failed (${code}): ${Buffer.concat(errors).toString().trim()}`,
      );
    return Buffer.concat(output).toString();
  }

  /** Ends one process and waits until it is gone. */
  async stop(child: ChildProcess): Promise<void> {
    this.#running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
  }

  /** Ends everything that still runs. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((child) => this.stop(child)));
  }
}

/** CPU time that a process and its threads have used so far, in microseconds (clock ticks of 10 ms). */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Time that a process's main thread was ready to run and another had the core, in microseconds: what neighbours took. */
export function waitedMicroseconds(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1000;
}

/** Memory of a process in MiB: what it holds now, and the most it ever held. */
export function memory(pid: number): { resident: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
  return { resident: of('VmRSS'), peak: of('VmHWM') };
}

/** A loopback port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new BenchError('NoPort', 'no loopback port is free');
  return address.port;
}

/** Waits until `child` accepts connections on a loopback port. Throws `NotListening` when it ends before, or after `seconds`. */
export async function listening(
  port: number,
  what: string,
  child: Pick<ChildProcess, 'exitCode'>,
  seconds = 20,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await accepts(port))) {
    if (child.exitCode !== null)
      throw new BenchError('NotListening', `${what} ended before it accepted a connection; what it said is above`);
    if (performance.now() > end)
      throw new BenchError(
        'NotListening',
        `${what} does not accept connections on 127.0.0.1:${port} after ${seconds} s`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
