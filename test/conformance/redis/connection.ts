import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseReply, type Reply } from './reply.ts';

/** A bare connection that sends bytes and reads replies: no client library between the test and the wire. */
export class Connection {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #size = 0;
  /** No reply can be whole before this many bytes are there: a big value is not put together again for each of its chunks. */
  #needed = 1;
  #closed: Error | undefined;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      if (this.#size >= this.#needed) this.#wake();
    });
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection was closed')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  send(bytes: Buffer | string): void {
    this.#socket.write(bytes);
  }

  /** The next reply. Fails when the connection closes first or nothing comes for `ms`. */
  async reply(ms = 10_000): Promise<Reply> {
    const deadline = Date.now() + ms;
    for (;;) {
      const reply = this.#take();
      if (reply !== undefined) return reply;
      if (this.#closed !== undefined) throw this.#closed;
      await this.#more(deadline - Date.now());
    }
  }

  /** Sends one command and reads its reply. */
  command(...parts: readonly (string | Buffer)[]): Promise<Reply> {
    this.send(encode(parts));
    return this.reply();
  }

  /** Stops reading from the socket: a client that hangs. */
  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(): Reply | undefined {
    if (this.#size < this.#needed) return undefined;
    const bytes = Buffer.concat(this.#chunks);
    const parsed = parseReply(bytes, 0);
    const rest = parsed === undefined ? bytes : bytes.subarray(parsed.end);
    this.#chunks = [rest];
    this.#size = rest.length;
    const announced = parsed === undefined ? /^\$(\d+)\r\n/.exec(rest.toString('latin1', 0, 32)) : null;
    this.#needed =
      announced === null
        ? parsed === undefined
          ? rest.length + 1
          : 1
        : announced[0].length + Number(announced[1]) + 2;
    return parsed?.reply;
  }

  #more(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no reply in time')), Math.max(0, ms));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #end(error: Error): void {
    this.#closed ??= error;
    this.#wake();
  }
}

/** A command as RESP; strings are taken byte for byte (latin1). */
export function encode(parts: readonly (string | Buffer)[]): Buffer {
  const chunks: Buffer[] = [Buffer.from(`*${parts.length}\r\n`)];
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
    chunks.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(chunks);
}
