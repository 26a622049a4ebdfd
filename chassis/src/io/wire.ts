import type { Socket } from 'node:net';
import { allocateViewed } from './copy.ts';
import { type Handle, rawSupport } from './raw.ts';

/** What a wire tells its owner. No call comes after `onClose`. */
export interface WireOwner {
  /** Bytes have arrived; the buffer is used again as soon as this returns. */
  onData(buffer: Buffer, end: number): void;
  /** The peer will send nothing more. */
  onEnd(): void;
  /** All bytes given to `write` have left. Comes only after a `write` that returned false. */
  onDrain(): void;
  /** The connection is gone, once, for whatever reason. */
  onClose(error: Error | undefined): void;
}

/** Bytes one read takes at most. All wires share one buffer: a read is dealt with before the next one happens. */
export const READ_BYTES = 64 * 1024;
const shared = allocateViewed(READ_BYTES);

/**
 * A connected socket without Node's stream machinery on the path of the bytes: reads land in one shared buffer, and a write
 * says whether the kernel took all of it at once, so that its buffer can be used again. Falls back to the socket's own
 * events where the runtime does not offer its handles. One write may be under way; the owner waits for `onDrain`.
 */
export class Wire {
  readonly socket: Socket;
  readonly #owner: WireOwner;
  readonly #handle: Handle | undefined;
  #pending: Buffer | undefined;
  #closed = false;
  #paused = true;
  #ended = false;
  #eof = false;
  #shut = false;
  /** Bytes that may still be dropped after `end`. */
  #mayDrop = 0;
  #error: Error | undefined;
  /**
   * What was written is refused, but what the peer sent before may still be read: a failed write drops what is written, and
   * the end comes from the read side (an answer that comes before the end of an upload).
   */
  readsOn = false;
  /** Writes that were begun. */
  writes = 0;

  /** @param raw false: the socket's own events even where handles are available (for tests) */
  constructor(socket: Socket, owner: WireOwner, raw = true) {
    this.socket = socket;
    this.#owner = owner;
    this.#handle = raw ? rawSupport?.handleOf(socket) : undefined;
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => this.#close());
    if (this.#handle === undefined) this.#listen();
    else {
      this.#handle.useUserBuffer(shared);
      this.#handle.onread = () => this.#onRead();
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether a write is under way whose buffer the kernel has not taken yet. */
  get writing(): boolean {
    return this.#pending !== undefined;
  }

  resume(): void {
    if (!this.#paused || this.#closed) return;
    this.#paused = false;
    if (this.#handle === undefined) this.socket.resume();
    else this.#handle.readStart();
  }

  pause(): void {
    if (this.#paused || this.#closed) return;
    this.#paused = true;
    if (this.#handle === undefined) this.socket.pause();
    else this.#handle.readStop();
  }

  /** Writes `bytes`. @returns true: they are gone, the buffer is free; false: it belongs to the wire until `onDrain` */
  write(bytes: Buffer): boolean {
    if (this.#closed) return true;
    this.writes++;
    if (this.#handle !== undefined && rawSupport !== undefined) return this.#writeRaw(this.#handle, bytes);
    this.#pending = bytes;
    this.socket.write(bytes, () => this.#written());
    return false;
  }

  /**
   * Says that nothing more will be written, after what was. What the peer still sends is dropped until it closes as well: a
   * socket that is closed with unread bytes loses what was written last.
   * @param mayDrop the connection is closed at once when the peer sends more than this many bytes
   */
  end(mayDrop = Number.POSITIVE_INFINITY): void {
    if (this.#closed || this.#ended) return;
    this.#ended = true;
    this.#mayDrop = mayDrop;
    if (this.#shut && this.#eof) this.destroy();
    else this.#shutDown();
    if (!this.#eof) this.resume();
  }

  /** Says that nothing more will be written, after what was, and goes on reading: the owner ends it after `onEnd`. */
  shut(): void {
    if (!this.#closed && !this.#ended) this.#shutDown();
  }

  /** Closes at once; unwritten bytes are lost. */
  destroy(error?: Error): void {
    if (this.#closed) return;
    this.#error ??= error;
    this.socket.destroy();
  }

  #shutDown(): void {
    if (this.#shut) return;
    this.#shut = true;
    this.socket.end(() => {
      if (this.#eof && this.#ended) this.destroy();
    });
  }

  #listen(): void {
    this.socket.on('data', (chunk: Buffer) => {
      // A chunk may be longer than what owners are told to expect.
      for (let from = 0; from < chunk.length && !this.#closed; from += READ_BYTES) {
        const part = chunk.subarray(from, from + READ_BYTES);
        this.#received(part, part.length);
      }
    });
    this.socket.on('end', () => this.#endOfFile());
    this.socket.pause();
  }

  #onRead(): void {
    const read = rawSupport?.lastRead() ?? 0;
    if (this.#closed) return;
    if (read > 0) this.#received(shared, read);
    else if (read < 0) this.#readFailed(read);
  }

  #readFailed(code: number): void {
    if (rawSupport?.isEnd(code)) {
      this.pause();
      this.#endOfFile();
      return;
    }
    this.destroy(rawSupport?.errorOf(code, 'read'));
  }

  #received(buffer: Buffer, end: number): void {
    if (!this.#ended) this.#owner.onData(buffer, end);
    else {
      this.#mayDrop -= end;
      if (this.#mayDrop < 0) this.destroy();
    }
  }

  #endOfFile(): void {
    this.#eof = true;
    if (this.#ended) this.destroy();
    else this.#owner.onEnd();
  }

  #writeRaw(handle: Handle, bytes: Buffer): boolean {
    const failed = rawSupport?.write(handle, bytes, this.#onWritten) ?? 0;
    if (failed === 0) return true;
    if (failed < 0) {
      // The peer is gone: the read side or this tells; nothing of `bytes` is needed any more.
      this.#writeFailed(failed);
      return true;
    }
    this.#pending = bytes;
    return false;
  }

  readonly #onWritten = (code: number): void => {
    if (code < 0) {
      this.#pending = undefined;
      this.#writeFailed(code);
      if (this.readsOn) this.#written();
    } else this.#written();
  };

  #writeFailed(code: number): void {
    if (this.readsOn && !this.#eof) {
      this.#error ??= rawSupport?.errorOf(code, 'write');
      this.resume();
    } else this.destroy(rawSupport?.errorOf(code, 'write'));
  }

  #written(): void {
    this.#pending = undefined;
    if (!this.#closed) this.#owner.onDrain();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#owner.onClose(this.#error);
  }
}
