import { connect, type Socket } from 'node:net';
import { decodeReply, type Value } from '../resp/decode.ts';
import { request } from '../resp/encode.ts';
import { ReplyFramer } from '../resp/reply-framer.ts';

/** A client that sends exactly the bytes it is told and takes answers in order: what libraries hide. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly #framer = new ReplyFramer();
  readonly #answers: Value[] = [];
  readonly #waiting: { resolve: (value: Value) => void; reject: (error: Error) => void }[] = [];
  #pieces: Buffer[] = [];
  #gone: Error | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#gone = new Error('the connection was closed');
        for (const { reject } of this.#waiting.splice(0)) reject(this.#gone);
        resolve();
      });
    });
  }

  static connect(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawClient(socket)));
    });
  }

  /** Sends a command and waits for the next answer. Strings are latin1. */
  call(...args: readonly string[]): Promise<Value> {
    this.send(request(args));
    return this.answer();
  }

  send(text: string | Buffer): void {
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  /** The next answer; rejects when the connection ends before it. */
  answer(): Promise<Value> {
    const ready = this.#answers.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  answers(count: number): Promise<Value[]> {
    return Promise.all(Array.from({ length: count }, () => this.answer()));
  }

  destroy(): void {
    this.socket.destroy();
  }

  #onData(chunk: Buffer): void {
    for (let from = 0; from < chunk.length; from = this.#framer.end) {
      if (!this.#framer.next(chunk, from, chunk.length)) {
        this.#pieces.push(chunk.subarray(from));
        return;
      }
      this.#framer.take();
      const value = decodeReply(Buffer.concat([...this.#pieces, chunk.subarray(from, this.#framer.end)]));
      this.#pieces = [];
      const waiter = this.#waiting.shift();
      if (waiter === undefined) this.#answers.push(value);
      else waiter.resolve(value);
    }
  }
}
