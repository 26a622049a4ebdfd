import { ChunkReader } from './chunk-reader.ts';
import { CHUNKED, CLOSE, type Framing, LENGTH, NONE } from './framing.ts';

/** Takes what a body carries, without chunk sizes, extensions and trailers. */
export type BodySink = (buffer: Buffer, start: number, end: number) => void;

/**
 * Finds where a body ends, however its bytes arrive, and refuses chunks that two readers may understand differently. The
 * bytes themselves are passed on as they are.
 */
export class BodyFramer {
  /** The body has ended: what follows belongs to the next message. */
  done = true;
  /** Bytes of content seen so far. */
  content = 0;
  /** Also told what the body carries: for a client of HTTP/1.0, and for keys of the body. */
  sink: BodySink | undefined = undefined;
  #framing: Framing = NONE;
  #missing = 0;
  readonly #status: 400 | 502;
  /** Made for the first chunked body. */
  #chunks: ChunkReader | undefined;

  /** @param status what errors say: 400 for a request's body, 502 for a response's */
  constructor(status: 400 | 502) {
    this.#status = status;
  }

  /** Begins a body. @param length only for LENGTH */
  begin(framing: Framing, length: number): void {
    this.#framing = framing;
    this.#missing = framing === LENGTH ? length : 0;
    this.content = 0;
    this.done = framing === NONE || (framing === LENGTH && length === 0);
    if (framing !== CHUNKED) return;
    this.#chunks ??= new ChunkReader(this.#status);
    this.#chunks.begin();
  }

  /**
   * Goes on with `buffer[from, end)`.
   * @returns the position behind what belongs to the body: `end` unless it is done
   * @throws MessageError
   */
  advance(buffer: Buffer, from: number, end: number): number {
    if (this.done || from >= end) return from;
    if (this.#framing === CHUNKED) return this.#advanceChunks(buffer, from, end);
    const size = this.#framing === LENGTH ? Math.min(end - from, this.#missing) : end - from;
    this.content += size;
    if (this.sink !== undefined) this.sink(buffer, from, from + size);
    if (this.#framing === LENGTH) {
      this.#missing -= size;
      this.done = this.#missing === 0;
    }
    return from + size;
  }

  /** Whether the body is whole when the connection ends here: it is done, or lasted until then. */
  get mayEnd(): boolean {
    return this.done || this.#framing === CLOSE;
  }

  /** Trailer fields have been seen. */
  get trailers(): boolean {
    return this.#framing === CHUNKED && this.#chunks !== undefined && this.#chunks.trailers;
  }

  #advanceChunks(buffer: Buffer, from: number, end: number): number {
    const chunks = this.#chunks as ChunkReader;
    let position = from;
    while (position < end && !this.done) {
      const next = chunks.advance(buffer, position, end);
      if (chunks.data > 0) {
        this.content += chunks.data;
        if (this.sink !== undefined) this.sink(buffer, next - chunks.data, next);
      }
      position = next;
      this.done = chunks.done;
    }
    return position;
  }
}
