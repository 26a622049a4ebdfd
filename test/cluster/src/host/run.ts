import { spawn } from 'node:child_process';

import { ClusterError } from '../base/errors.ts';

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** Called with each piece of standard error, for programs whose progress is worth a log. */
  readonly onStderr?: (chunk: string) => void;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. @throws ClusterError when it cannot be started or takes too long. */
export function tryRun(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: options.env ? { ...process.env, ...options.env } : process.env,
      cwd: options.cwd,
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr.push(chunk);
      options.onStderr?.(chunk.toString());
    });
    child.on('error', (cause) => reject(new ClusterError('CommandFailed', `${program} cannot be started`, { cause })));
    child.on('close', (code, signal) => {
      const errors = Buffer.concat(stderr).toString();
      if (code === null) reject(new ClusterError('CommandFailed', `${program} ended by ${signal}: ${tail(errors)}`));
      else resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: errors });
    });
    child.stdin.on('error', () => {}); // a program that ends before it has read its input says so by its exit code
    child.stdin.end(options.input);
  });
}

/** Runs a program that has to succeed and gives its standard output. @throws ClusterError with the end of its messages. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryRun(program, args, options);
  if (code !== 0) {
    const said = tail(stderr) || tail(stdout) || 'no message';
    throw new ClusterError('CommandFailed', `${[program, ...args].join(' ').slice(0, 200)} failed (${code}): ${said}`);
  }
  return stdout;
}

function tail(text: string, lines = 15): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
