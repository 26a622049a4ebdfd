import { connect, type Socket } from 'node:net';
import { type PlainMessage, PlainReader } from './plain-reader.ts';

/** A client that sends exactly the bytes it is told and takes answers in order: what libraries hide. Strings have a character a byte. */
export class RawHttpClient {
  readonly socket: Socket;
  /** When the connection is gone, however it went. */
  readonly closed: Promise<void>;
  /** Everything received. */
  text = '';
  /** The other side has said that it sends no more. */
  ended = false;
  /** Why the connection broke, as `ECONNRESET`; empty for an orderly end. */
  error = '';
  readonly #reader = new PlainReader('answers');
  readonly #waiting: { noBody: boolean; resolve: (answer: PlainMessage) => void; reject: (error: Error) => void }[] =
    [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.text += text;
      this.#reader.push(text);
      this.#deliver();
    });
    socket.on('end', () => {
      this.ended = true;
      this.#deliver();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code ?? error.message;
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.ended = true;
        this.#deliver();
        const reason = new Error(`the connection was closed ${this.error} after ${JSON.stringify(this.#reader.rest)}`);
        for (const { reject } of this.#waiting.splice(0)) reject(reason);
        resolve();
      });
    });
  }

  static connect(port: number, allowHalfOpen = false): Promise<RawHttpClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawHttpClient(socket));
      });
    });
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** The next answer. @throws Error when the connection ends before it is whole */
  answer(noBody = false): Promise<PlainMessage> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ noBody, resolve, reject });
      this.#deliver();
      if (this.socket.destroyed) this.#waiting.splice(0).forEach((one) => void one.reject(new Error('closed')));
    });
  }

  /** Sends and waits for the next answer. */
  ask(text: string): Promise<PlainMessage> {
    const answer = this.answer(text.startsWith('HEAD '));
    this.send(text);
    return answer;
  }

  /** `GET` of a path with a shard key. */
  get(path: string, headers = ''): Promise<PlainMessage> {
    return this.ask(`GET ${path} HTTP/1.1\r\nhost: cart\r\n${headers}\r\n`);
  }

  destroy(): void {
    this.socket.destroy();
  }

  #deliver(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const answer = this.#reader.next(this.ended, first.noBody);
      if (answer === undefined) return;
      this.#waiting.shift();
      first.resolve(answer);
    }
  }
}

/** The status of an answer. */
export function statusOf({ line }: PlainMessage): number {
  return Number(line.split(' ')[1]);
}
