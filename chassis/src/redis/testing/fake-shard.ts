import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { MORE, RequestScanner } from '../resp/request-scanner.ts';

/** What a fake shard does with a command: writes bytes, now or later, or nothing. */
export type Behaviour = (args: readonly string[], connection: FakeConnection) => void;

/** A connection to a fake shard. */
export interface FakeConnection {
  readonly number: number;
  readonly socket: Socket;
  /** Writes bytes, one character each. */
  say(text: string): void;
}

/**
 * A shard that does what a real Redis cannot be made to do: stall, answer garbage or in crumbs, push, add attributes, vanish in
 * the middle of a reply. The proxy's own questions are answered as Redis would.
 */
export class FakeShard {
  readonly received: string[][] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #connections = 0;
  behave: Behaviour;
  /** Other answers to the proxy's own questions. */
  questions: Readonly<Record<string, string>> = {};

  private constructor(behave: Behaviour) {
    this.behave = behave;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  static async start(behave: Behaviour): Promise<FakeShard> {
    const shard = new FakeShard(behave);
    await new Promise<void>((resolve) => shard.#server.listen(0, '127.0.0.1', resolve));
    return shard;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections it has seen. */
  get connections(): number {
    return this.#connections;
  }

  /** How often a command arrived. */
  count(...args: readonly string[]): number {
    return this.received.filter((one) => args.every((arg, i) => one[i] === arg)).length;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const connection: FakeConnection = {
      number: this.#connections++,
      socket,
      say: (text) => socket.write(Buffer.from(text, 'latin1')),
    };
    this.#sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
    const scanner = new RequestScanner();
    let kept = Buffer.alloc(0);
    scanner.begin(kept, 0);
    socket.on('data', (chunk: Buffer) => {
      kept = Buffer.concat([kept.subarray(scanner.start), chunk]);
      scanner.move(kept, 0);
      while (scanner.next(kept.length) !== MORE) {
        this.#command(
          Array.from({ length: scanner.count }, (_, i) => kept.toString('latin1', scanner.starts[i], scanner.ends[i])),
          connection,
        );
      }
    });
  }

  #command(args: readonly string[], connection: FakeConnection): void {
    const name = args[0] ?? '';
    const own = this.questions[name] ?? OWN_QUESTIONS[name];
    if (own !== undefined) {
      connection.say(own);
      return;
    }
    this.received.push([...args]);
    this.behave(args, connection);
  }
}

/** Answers to what the proxy asks on its own behalf. */
const OWN_QUESTIONS: Readonly<Record<string, string>> = {
  PING: '+PONG\r\n',
  COMMAND: '*0\r\n',
  INFO: '$22\r\nredis_version:99.9.9\r\n\r\n',
  CONFIG: '*2\r\n$9\r\ndatabases\r\n$2\r\n16\r\n',
  CLIENT: '+OK\r\n',
  SELECT: '+OK\r\n',
  HELLO: '%1\r\n+proto\r\n:3\r\n',
};
