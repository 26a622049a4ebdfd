import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ClusterError } from '../base/errors.ts';
import type { Layout } from '../base/layout.ts';
import { waitFor } from '../base/wait.ts';
import { joinFile } from '../host/cgroups.ts';
import { isAlive, type ProcessId, signal } from '../host/processes.ts';
import { end, launch } from '../machine/launch.ts';
import { findMachine, inside } from '../machine/machine.ts';
import { accepts, answers } from './health.ts';
import type { PartSpec } from './spec.ts';

export interface StartOptions {
  /** How long it may take to become healthy; 0 does not wait. */
  readonly timeoutMs?: number;
}

/** A long-running program of the cluster under the hands of tests and of the command line. */
export class Part {
  readonly name: string;
  readonly spec: PartSpec;
  readonly #layout: Layout;

  constructor(layout: Layout, spec: PartSpec) {
    this.name = spec.name;
    this.spec = spec;
    this.#layout = layout;
  }

  get log(): string {
    return join(this.#layout.log, `${this.name}.log`);
  }

  get #record(): string {
    return join(this.#layout.parts, `${this.name}.json`);
  }

  /** The running process, if there is one. */
  get process(): ProcessId | undefined {
    try {
      const id = JSON.parse(readFileSync(this.#record, 'utf8')) as ProcessId;
      return isAlive(id) ? id : undefined;
    } catch {
      return undefined;
    }
  }

  /** Starts the part unless it runs, and waits until it serves. @throws ClusterError with the end of its log. */
  async start({ timeoutMs = 60_000 }: StartOptions = {}): Promise<void> {
    if (!this.process) await this.#launch();
    if (timeoutMs > 0) await this.waitHealthy(timeoutMs);
  }

  async #launch(): Promise<void> {
    const machine = findMachine(this.#layout, this.spec.machine);
    if (!machine) throw new ClusterError('NotRunning', `${this.name}: its machine ${this.spec.machine} is not running`);
    for (const file of this.spec.files ?? []) {
      mkdirSync(dirname(file.path), { recursive: true });
      writeFileSync(file.path, file.text);
    }
    try {
      const id = await launch({
        key: this.#layout.key,
        part: this.name,
        joinFile: joinFile(this.#layout.key),
        log: this.log,
        command: [...inside(machine), '--', this.spec.program, ...this.spec.arguments],
        program: realpathSync(this.spec.program),
        ...(this.spec.env ? { env: this.spec.env } : {}),
      });
      mkdirSync(this.#layout.parts, { recursive: true });
      writeFileSync(this.#record, JSON.stringify(id));
    } catch (cause) {
      throw this.#failure('did not start', cause);
    }
  }

  async healthy(): Promise<boolean> {
    const { health, machine } = this.spec;
    if (!this.process) return false;
    if ('url' in health) return answers(health.url);
    if ('alive' in health) return true;
    const found = findMachine(this.#layout, machine);
    return found !== undefined && accepts(`/proc/${found.process.pid}/root${health.socket}`);
  }

  async waitHealthy(timeoutMs: number): Promise<void> {
    try {
      await waitFor(
        `${this.name} to serve`,
        () => {
          if (!this.process) throw new ClusterError('PartFailed', 'it ended');
          return this.healthy();
        },
        { timeoutMs },
      );
    } catch (cause) {
      throw this.#failure('failed', cause);
    }
  }

  #failure(what: string, cause: unknown): ClusterError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new ClusterError('PartFailed', `${this.name} ${what}: ${reason}\n${this.logTail()}`, { cause });
  }

  /** The end of its log with the log's name above it, as a failed start prints it. */
  logTail(lines = 20): string {
    try {
      const text = readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-lines);
      return [`--- the end of ${this.log}`, ...text].join('\n');
    } catch {
      return `--- ${this.log} is not there`;
    }
  }

  /** Asks the part to end and waits until it has; it is killed after `graceMs`. */
  async stop(graceMs = 20_000): Promise<void> {
    const id = this.process;
    if (id) await end(id, 'SIGTERM', graceMs);
  }

  /** Sends a signal and returns at once; false where the part does not run. */
  kill(name: NodeJS.Signals = 'SIGKILL'): boolean {
    const id = this.process;
    return id !== undefined && signal(id, name);
  }
}
