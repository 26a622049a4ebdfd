import { EAGER_BYTES, REPLAY_BYTES, WINDOW_BYTES } from '../limits.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Exchange } from './exchange.ts';
import { NEEDS_BODY, TUNNEL } from './states.ts';

/** The way of a request's body, or of a tunnel's bytes, to the endpoint: as much as it takes, while the client is held back. */
export class Upload {
  readonly #x: Exchange;
  /** Nothing more may be read from the client for now. */
  blocked = false;

  constructor(x: Exchange) {
    this.#x = x;
  }

  /** Bytes of the request that the endpoint has not taken. */
  get unsent(): number {
    return this.#x.attempt.connection?.outbox.queued ?? 0;
  }

  /** Bytes from the client, for the endpoint if there is one. */
  pass(buffer: Buffer, from: number, to: number): void {
    const x = this.#x;
    const { connection } = x.attempt;
    if (connection === undefined) {
      // They are kept. What the key needs is asked for in whole, within the router's bounds.
      if (x.kept.length > REPLAY_BYTES && x.state !== NEEDS_BODY) this.blocked = true;
      return;
    }
    if (x.state === TUNNEL) x.requestBytes += to - from;
    connection.outbox.append(buffer, from, to);
    this.regulate(connection);
  }

  /** The endpoint has taken bytes. */
  drained(): void {
    if (this.blocked && this.unsent <= WINDOW_BYTES / 2) this.#block(false);
  }

  /** Keeps what waits for the endpoint within bounds. */
  regulate(connection: Connection): void {
    const { outbox } = connection;
    if (outbox.queued >= EAGER_BYTES) outbox.writeNow();
    // Until the connection is up another endpoint may have to take over: no more comes than can be sent again.
    const held = connection.connecting && this.#x.kept.length > REPLAY_BYTES;
    this.#block(held || outbox.queued > WINDOW_BYTES);
  }

  #block(blocked: boolean): void {
    if (blocked === this.blocked) return;
    this.blocked = blocked;
    this.#x.client.regulate();
  }
}
