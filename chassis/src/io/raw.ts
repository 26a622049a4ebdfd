import type { Socket } from 'node:net';
import { getSystemErrorMessage, getSystemErrorName } from 'node:util';

/**
 * The runtime's own handle of a socket, as `node:net` uses it. Not a documented interface: this file alone knows it, checks
 * that it is there, and everything works without it (see docs/decisions/2026-11-21-redis-hot-path.md for what it saves).
 */
export interface Handle {
  onread: (() => void) | null;
  useUserBuffer(buffer: Uint8Array): void;
  readStart(): number;
  readStop(): number;
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
}

interface WriteRequest {
  oncomplete: ((status: number) => void) | undefined;
  buffer: Uint8Array | undefined;
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
}

const END_OF_FILE = 'EOF';

/** Reads and writes on handles. */
export class RawSupport {
  readonly #binding: StreamBinding;
  #request: WriteRequest;

  constructor(binding: StreamBinding) {
    this.#binding = binding;
    this.#request = new binding.WriteWrap();
  }

  handleOf(socket: Socket): Handle | undefined {
    const handle = (socket as unknown as { _handle?: Partial<Handle> | null })._handle;
    const usable = typeof handle?.useUserBuffer === 'function' && typeof handle.writeBuffer === 'function';
    return usable ? (handle as Handle) : undefined;
  }

  /** Inside of `onread`: how many bytes were read, or an error's code below 0. */
  lastRead(): number {
    return this.#binding.streamBaseState[this.#binding.kReadBytesOrError] as number;
  }

  /** @returns 0: all is written; 1: `bytes` stay in use until `done` is called with a status; below 0: an error's code */
  write(handle: Handle, bytes: Buffer, done: (status: number) => void): number {
    const request = this.#request;
    request.oncomplete = done;
    const error = handle.writeBuffer(request, bytes);
    if (error !== 0) return error;
    if (this.#binding.streamBaseState[this.#binding.kLastWriteWasAsync] === 0) return 0;
    // The runtime holds on to this request until it is done, and to the bytes through it; the next write gets another.
    request.buffer = bytes;
    this.#request = new this.#binding.WriteWrap();
    return 1;
  }

  isEnd(code: number): boolean {
    return getSystemErrorName(code) === END_OF_FILE;
  }

  errorOf(code: number, what: string): NodeJS.ErrnoException {
    const name = getSystemErrorName(code);
    return Object.assign(new Error(`${what} ${name}: ${getSystemErrorMessage(code)}`), { code: name, syscall: what });
  }
}

function load(): RawSupport | undefined {
  try {
    const binding = (process as unknown as { binding(name: string): Partial<StreamBinding> }).binding('stream_wrap');
    const complete =
      typeof binding.WriteWrap === 'function' &&
      binding.streamBaseState !== undefined &&
      binding.kReadBytesOrError !== undefined &&
      binding.kLastWriteWasAsync !== undefined;
    return complete ? new RawSupport(binding as StreamBinding) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where the runtime does not have what is needed; then sockets are used as documented. */
export const rawSupport: RawSupport | undefined = load();
