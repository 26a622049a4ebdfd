import type { Clock, TimerHandle } from '@motif/kit';

export interface LineWriterOptions {
  /** Writes a chunk of whole lines; `done` is called when it has left. It never throws. */
  readonly write: (chunk: Buffer, done: () => void) => void;
  readonly clock: Clock;
  /** A line found no room. */
  readonly dropped: () => void;
}

/** A write of at most this many bytes to a pipe is never mixed with another's (POSIX, PIPE_BUF on Linux): the logger writes there too. */
export const CHUNK_BYTES = 4096;
/** Lines that wait while the reader of the log is slow; beyond it they are dropped instead of holding up traffic. */
const MOST_WAITING_CHUNKS = 256;
/** How long a line waits for others to fill a chunk. */
const DELAY_MS = 100;

/**
 * Lines of a log, written in chunks of whole lines, one write at a time and never on the path of a request. Bounded: a reader that is slow
 * costs lines, which are counted, and not requests.
 */
export class LineWriter {
  readonly #options: LineWriterOptions;
  #open = '';
  #full: Buffer[] = [];
  #writing = false;
  #timer: TimerHandle | undefined;
  #drained: (() => void)[] = [];

  constructor(options: LineWriterOptions) {
    this.#options = options;
  }

  /** Takes one line of ASCII text without its line end; what is longer than a chunk is dropped. */
  line(text: string): void {
    const size = text.length + 1;
    if (this.#open.length + size > CHUNK_BYTES) this.#seal();
    if (size > CHUNK_BYTES || this.#full.length >= MOST_WAITING_CHUNKS) {
      this.#options.dropped();
      return;
    }
    this.#open += `${text}\n`;
    this.#timer ??= this.#options.clock.setTimeout(() => this.#seal(), DELAY_MS);
  }

  /** Resolves when everything has been written. */
  async close(): Promise<void> {
    this.#seal();
    if (this.#writing) await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #seal(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#open === '') return;
    this.#full.push(Buffer.from(this.#open, 'latin1'));
    this.#open = '';
    this.#next();
  }

  #next(): void {
    if (this.#writing) return;
    const chunk = this.#full.shift();
    if (chunk === undefined) {
      for (const resolve of this.#drained.splice(0)) resolve();
      return;
    }
    this.#writing = true;
    this.#options.write(chunk, () => {
      this.#writing = false;
      this.#next();
    });
  }
}
