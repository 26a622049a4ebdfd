import { constants } from 'node:os';
import type { Environment } from '../settings/define.ts';

/** What the life of a container needs of the process it is; tests give one of their own. */
export interface ProcessLike {
  readonly env: Environment;
  readonly nodeVersion: string;
  /** One line to standard output. */
  writeOut(line: string): void;
  /** One line to standard error. */
  writeError(line: string): void;
  /** Called at each SIGTERM and SIGINT, with its number. */
  onSignal(listener: (signal: 'SIGTERM' | 'SIGINT', number: number) => void): void;
  /** Called with each error that nothing caught, and each rejection that nothing awaited. */
  onUncaught(listener: (error: unknown) => void): void;
  exit(code: number): void;
}

/** The process that runs this. */
export const nodeProcess: ProcessLike = {
  env: process.env,
  nodeVersion: process.versions.node,
  writeOut: (line) => void process.stdout.write(`${line}\n`),
  writeError: (line) => void process.stderr.write(`${line}\n`),
  onSignal: (listener) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => listener(signal, constants.signals[signal]));
    }
    // Whoever read the logs may be gone: that is no reason to stop serving.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  },
  onUncaught: (listener) => {
    process.on('uncaughtException', listener);
    process.on('unhandledRejection', listener);
  },
  exit: (code) => process.exit(code),
};
