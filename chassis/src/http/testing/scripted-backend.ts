import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type PlainMessage, PlainReader } from './plain-reader.ts';

/** A connection to a scripted backend. */
export interface BackendConnection {
  /** From 0 in the order in which they came. */
  readonly number: number;
  readonly socket: Socket;
  /** Writes bytes, one character each. */
  say(text: string): void;
}

/** What a backend does with a request: writes bytes, now or later, or nothing. */
export type BackendBehaviour = (request: PlainMessage, connection: BackendConnection) => void;

/** An answer of 200 with a body. */
export function ok(body: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

/** Answers with what it was asked: the request line and the body. */
export const echo: BackendBehaviour = ({ line, body }, connection) => connection.say(ok(`${line}|${body}`));

/**
 * A backend that does what a real one cannot be made to do: stall, answer garbage or in crumbs, close in mid-answer. Without a behaviour
 * for the bytes themselves (`onConnection`) it reads whole requests.
 */
export class ScriptedBackend {
  readonly received: PlainMessage[] = [];
  /** Connections that are open. */
  readonly open = new Set<Socket>();
  /** Connections it has seen. */
  connections = 0;
  behave: BackendBehaviour;
  /** Called with each new connection, before anything is read. */
  onConnection: (connection: BackendConnection) => void = () => {};
  readonly #server: Server;

  private constructor(behave: BackendBehaviour) {
    this.behave = behave;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** @param port 0: any that is free */
  static async start(behave: BackendBehaviour = echo, port = 0): Promise<ScriptedBackend> {
    const backend = new ScriptedBackend(behave);
    await new Promise<void>((resolve, reject) => {
      backend.#server.once('error', reject);
      backend.#server.listen({ port, host: '127.0.0.1', backlog: 1024 }, resolve);
    });
    return backend;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets every connection that is open. */
  resetAll(): void {
    for (const socket of this.open) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const connection: BackendConnection = {
      number: this.connections++,
      socket,
      say: (text) => void (socket.writable && socket.write(text, 'latin1')),
    };
    this.open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.open.delete(socket));
    const reader = new PlainReader('requests');
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      reader.push(text);
      for (let request = reader.next(); request !== undefined; request = reader.next()) {
        this.received.push(request);
        this.behave(request, connection);
      }
    });
    this.onConnection(connection);
  }
}
