import { type Framing, NONE } from './framing.ts';

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
  /** Trailer fields follow or followed the last chunk. */
  trailers = false;
  /** Also told what the chunks carry: for a client of HTTP/1.0, and for keys of the body. */
  sink: BodySink | undefined = undefined;
  /** What a `MessageError` says: 400 for a request's body, 502 for a response's. */
  readonly status: 400 | 502;

  constructor(status: 400 | 502) {
    this.status = status;
  }

  /** Begins a body. @param length only for LENGTH */
  begin(framing: Framing, length: number): void {
    this.done = framing === NONE || length === 0;
    this.content = 0;
  }

  /**
   * Goes on with `buffer[from, end)`.
   * @returns the position behind what belongs to the body: `end` unless it is done
   * @throws MessageError
   */
  advance(buffer: Buffer, from: number, end: number): number {
    return buffer.length > 0 && !this.done ? end : from;
  }

  /** Whether the body is whole when the connection ends here: it is done, or lasted until then. */
  get mayEnd(): boolean {
    return this.done;
  }
}
