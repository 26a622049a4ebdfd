import { WatchProtocolError } from '../errors.ts';

/** No object of a cluster comes near this: etcd takes 1.5 MiB by default. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Cuts a byte stream into lines. Resumable: no byte is searched or copied twice, whatever the sizes of the chunks.
 * Memory is bounded by `maxBytes` and one chunk.
 */
export class LineSplitter {
  #parts: Uint8Array[] = [];
  #length = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number = MAX_LINE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that this chunk completes, without line end; empty ones are left out. Throws `WatchProtocolError` beyond the limit. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      const line = this.#take();
      if (line !== '') lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  /** Bytes of a line that has not ended. */
  get pending(): number {
    return this.#length;
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#maxBytes) {
      throw new WatchProtocolError(`a line of the watch stream has more than ${this.#maxBytes} bytes`);
    }
    this.#parts.push(part);
  }

  #take(): string {
    const whole = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    if (whole === undefined) return '';
    return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength).toString('utf8').trim();
  }
}
