import type { FSWatcher } from 'node:fs';
import { statSync, watch } from 'node:fs';
import type { Clock, TimerHandle } from '@motif/kit';

export interface FolderWatchOptions {
  readonly folder: string;
  /** Called at the start, at each change the system tells of, and at each poll. It must be cheap when nothing has changed. */
  readonly look: () => void;
  readonly clock: Clock;
  /** Between polls, in milliseconds: the net under notifications that never come. 3000 unless told. */
  readonly pollMs?: number;
}

/**
 * Watches a folder as the kubelet fills it: files there are links through `..data`, which a rename swaps to a new folder, so that watching a
 * file would follow the old one. The folder may not exist yet, go, and come back; the poll sees to it.
 */
export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #pollMs: number;
  #watcher: FSWatcher | undefined;
  #inode: bigint | undefined;
  #timer: TimerHandle | undefined;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
    this.#pollMs = options.pollMs ?? 3000;
    this.#poll();
  }

  /** Ends watching; `look` is not called any more. */
  close(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#unwatch();
  }

  #poll(): void {
    this.#timer = this.#options.clock.setTimeout(() => this.#poll(), this.#pollMs);
    this.#rewatch();
    this.#options.look();
  }

  /** A watcher belongs to an inode: it is made anew when the path leads to another one. */
  #rewatch(): void {
    const inode = statSync(this.#options.folder, { bigint: true, throwIfNoEntry: false })?.ino;
    if (inode === this.#inode && this.#watcher !== undefined) return;
    this.#unwatch();
    if (inode === undefined) return;
    try {
      this.#watcher = watch(this.#options.folder, { persistent: false }, () => this.#options.look());
      // Out of inotify instances, or the folder went: polling goes on.
      this.#watcher.on('error', () => this.#unwatch());
      this.#inode = inode;
    } catch {
      this.#unwatch();
    }
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#inode = undefined;
  }
}
