import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Topology } from '@motif/api';
import type { CheckResult, Clock, Logger, Registry } from '@motif/kit';
import { errorCode, errorMessage } from '@motif/kit';
import { coalesce } from '../files/coalesce.ts';
import { FolderWatch } from '../files/folder-watch.ts';
import { TopologyMetrics } from './metrics.ts';
import { judge } from './verdict.ts';

export interface TopologyLoaderOptions {
  /** The mounted file; its folder is watched. */
  readonly path: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly registry: Registry;
  /** Between polls, in milliseconds; 3000 unless told. */
  readonly pollMs?: number;
}

/** Called with each topology that comes into force and the one that it replaces. */
export type TopologyListener = (topology: Topology, previous: Topology | undefined) => void;

/** A ConfigMap holds at most 1 MiB: a larger file is not what the operator wrote. */
const LARGEST_FILE = 2 ** 21;

/**
 * Keeps the topology document of a mounted file: loads it as soon as it is there, again whenever it changes, and holds on to the last good
 * one when what is there is broken, older or gone. Says why in the log, in metrics and in its readiness check.
 */
export class TopologyLoader {
  readonly #options: TopologyLoaderOptions;
  readonly #metrics: TopologyMetrics;
  readonly #listeners = new Set<TopologyListener>();
  readonly #watch: FolderWatch;
  #current: Topology | undefined;
  /** What is wrong with the file as it is; undefined when it is what is in force. */
  #problem: string | undefined = 'not read yet';
  #signature: string | undefined;
  #closed = false;

  constructor(options: TopologyLoaderOptions) {
    this.#options = options;
    this.#metrics = new TopologyMetrics(options.registry);
    const { clock, path, pollMs } = options;
    this.#watch = new FolderWatch({
      folder: dirname(path),
      look: coalesce(() => this.#read()),
      clock,
      ...(pollMs === undefined ? {} : { pollMs }),
    });
  }

  /** The topology in force; undefined while none has been loaded. */
  get current(): Topology | undefined {
    return this.#current;
  }

  /** Calls `listener` at once with what is in force, if anything is, and then at each change. @returns what ends that */
  subscribe(listener: TopologyListener): () => void {
    this.#listeners.add(listener);
    if (this.#current !== undefined) listener(this.#current, undefined);
    return () => this.#listeners.delete(listener);
  }

  /** For `/readyz`: fails only while there is no topology at all; a last good one is good enough for traffic. */
  readonly check = (): CheckResult => {
    const held = this.#current;
    if (held === undefined) return { ok: false, reason: `no topology yet: ${this.#problem}` };
    const problem = this.#problem === undefined ? '' : `; the file is not used: ${this.#problem}`;
    return { ok: true, reason: `${held.service} epoch ${held.epoch}${problem}` };
  };

  close(): void {
    this.#closed = true;
    this.#watch.close();
    this.#listeners.clear();
  }

  async #read(): Promise<void> {
    const { path } = this.#options;
    if (this.#closed) return;
    try {
      const { ino, size, mtimeMs, ctimeMs } = await stat(path);
      const signature = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
      if (signature === this.#signature) return;
      if (size > LARGEST_FILE) this.#refuse(`${path} has ${size} bytes; at most ${LARGEST_FILE} are read`);
      else this.#offer(await readFile(path, 'utf8'));
      this.#signature = signature;
    } catch (error) {
      this.#signature = undefined;
      if (!this.#closed) this.#missing(error);
    }
  }

  #missing(error: unknown): void {
    const { path } = this.#options;
    // That the file is not there is the usual start of an optional volume, and told in words of ours.
    const reason = errorCode(error) === 'ENOENT' ? `${path} does not exist` : errorMessage(error);
    if (reason === this.#problem) return;
    this.#problem = reason;
    this.#options.logger.warn('no topology to load', { reason, epoch: this.#current?.epoch });
  }

  #offer(text: string): void {
    if (this.#closed) return;
    const verdict = judge(text, this.#current);
    if (verdict.result === 'refused') {
      this.#refuse(verdict.reason);
      return;
    }
    this.#problem = undefined;
    this.#metrics.refused(false);
    if (verdict.result === 'unchanged') return;
    if (verdict.note !== undefined) this.#options.logger.warn('odd topology', { reason: verdict.note });
    this.#accept(verdict.topology);
  }

  #refuse(reason: string): void {
    this.#problem = reason;
    this.#metrics.refused(true);
    this.#options.logger.error('topology refused', { reason, epoch: this.#current?.epoch });
  }

  #accept(topology: Topology): void {
    const previous = this.#current;
    this.#current = topology;
    this.#metrics.accepted(topology);
    const { service, uid, epoch, shards } = topology;
    this.#options.logger.info('topology in force', { service, uid, epoch, shards: shards.length });
    for (const listener of this.#listeners) {
      try {
        listener(topology, previous);
      } catch (error) {
        // One that fails must not keep the others, or the next reload, from happening.
        this.#options.logger.error('a topology could not be taken over', { epoch, error });
      }
    }
  }
}
