import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from '@motif/kit';
import { errorCode, errorMessage } from '@motif/kit';
import { coalesce } from '../files/coalesce.ts';
import { FolderWatch } from '../files/folder-watch.ts';

export interface SecretFilesOptions {
  /** The mounted folder; it may not exist (yet). */
  readonly folder: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Between polls, in milliseconds; 3000 unless told. */
  readonly pollMs?: number;
}

const NAME = /^[a-z0-9][-a-z0-9.]{0,62}$/;

/** Larger than any password or key; a Secret as a whole holds at most 1 MiB. */
const LONGEST_SECRET = 65_536;

/**
 * Secrets mounted as files, read again when they change. One line end at the end of a file is dropped, as editors and `echo` add it. Values
 * are never logged; a name that is not there is undefined, and a file that vanishes keeps its last value until the process ends
 * (a Secret that was deleted by mistake must not lock out what still works).
 */
export class SecretFiles {
  readonly #options: SecretFilesOptions;
  readonly #values = new Map<string, string>();
  readonly #wanted = new Map<string, Set<() => void>>();
  readonly #problems = new Map<string, string>();
  readonly #watch: FolderWatch;
  readonly #look = coalesce(() => this.#readAll());
  #closed = false;

  constructor(options: SecretFilesOptions) {
    this.#options = options;
    const { folder, clock, pollMs } = options;
    const look = this.#look;
    this.#watch = new FolderWatch({ folder, look, clock, ...(pollMs === undefined ? {} : { pollMs }) });
  }

  /** The secret in the file `name`; undefined while it has not been read, or is not wanted. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /**
   * Keeps the file `name` up to date from now on; `changed` is called after each change of its value, the first included.
   * @returns what ends that
   */
  want(name: string, changed: () => void = () => {}): () => void {
    // Names come from a document: they must not lead out of the folder.
    if (!NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a secret file`);
    const listeners = this.#wanted.get(name) ?? new Set();
    this.#wanted.set(name, listeners.add(changed));
    this.#look();
    return () => listeners.delete(changed);
  }

  /** The names that are wanted and not there, with the reason: for readiness. */
  missing(): string[] {
    return [...this.#wanted.keys()]
      .filter((name) => !this.#values.has(name))
      .map((name) => `${name}: ${this.#problems.get(name) ?? 'not read yet'}`);
  }

  close(): void {
    this.#closed = true;
    this.#watch.close();
  }

  async #readAll(): Promise<void> {
    if (!this.#closed) await Promise.all([...this.#wanted.keys()].map((name) => this.#read(name)));
  }

  async #read(name: string): Promise<void> {
    const { folder, logger } = this.#options;
    try {
      const value = (await readFile(join(folder, name), 'utf8')).replace(/\r?\n$/, '');
      if (this.#closed || value === this.#values.get(name)) return;
      if (value === '' || value.length > LONGEST_SECRET) {
        this.#problem(name, value === '' ? 'the file is empty' : `longer than ${LONGEST_SECRET} characters`);
        return;
      }
      this.#problems.delete(name);
      this.#values.set(name, value);
      logger.info('secret read', { file: name });
      for (const changed of this.#wanted.get(name) ?? []) changed();
    } catch (error) {
      if (!this.#closed) this.#problem(name, errorCode(error) === 'ENOENT' ? 'no such file' : errorMessage(error));
    }
  }

  #problem(name: string, reason: string): void {
    if (this.#problems.get(name) === reason) return;
    this.#problems.set(name, reason);
    this.#options.logger.warn('secret cannot be read', { file: name, reason, keptLast: this.#values.has(name) });
  }
}
