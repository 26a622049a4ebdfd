import type { Socket } from 'node:net';
import { type Dial, dial } from '../../io/dial.ts';
import { Wire, type WireOwner } from '../../io/wire.ts';
import { Handshake, type Refusal } from './handshake.ts';
import type { Shard } from './shard.ts';

/** How an opening ends: with a wire that takes commands, or with the reason why there is none. Not called after `cancel`. */
export type Opened = (wire: Wire | undefined, refusal: Refusal) => void;

const NONE: Refusal = { reason: '', failure: false };

/** A connection's way from nothing to taking commands: the dial, then the handshake. */
export class Opening {
  wire: Wire | undefined;
  readonly #shard: Shard;
  readonly #handshake: () => Handshake;
  readonly #done: Opened;
  #running: Handshake | undefined;
  #dial: Dial | undefined;
  #over = false;

  constructor(shard: Shard, protocol: number, database: number, done: Opened) {
    this.#shard = shard;
    this.#handshake = () => new Handshake(protocol, database, shard.credentials());
    this.#done = done;
  }

  /** Begins after `delay` milliseconds; `owner` gets what arrives, and passes on each reply to `answered`. */
  start(delay: number, owner: WireOwner): void {
    if (delay > 0) this.#shard.runtime.after(delay, () => this.#begin(owner));
    else this.#begin(owner);
  }

  cancel(): void {
    this.#over = true;
    this.#dial?.cancel();
    this.wire?.destroy();
  }

  /** A reply to the handshake. */
  answered(reply: string): void {
    const refusal = this.#running?.answered(reply);
    if (refusal !== undefined) {
      const { reason, failure } = refusal;
      // Clients can bring this about as often as they like.
      const level = failure ? 'warn' : 'debug';
      this.#shard.runtime.logger[level]('a shard refused the handshake', { shard: this.#shard.name, reason });
      this.#done(undefined, refusal);
    } else if (this.#running?.done === true) this.#done(this.wire, NONE);
  }

  #begin(owner: WireOwner): void {
    if (this.#over) return;
    const { runtime, options, address } = this.#shard;
    const half = (run: () => void) => runtime.after(options.timeoutMs / 2, run);
    this.#dial = dial(address, runtime.open, half, (socket, reason) => this.#dialed(socket, reason, owner));
  }

  #dialed(socket: Socket | undefined, reason: string, owner: WireOwner): void {
    if (socket === undefined) {
      this.#done(undefined, { reason, failure: true });
      return;
    }
    this.wire = new Wire(socket, owner);
    this.#running = this.#handshake();
    this.wire.resume();
    // Commands wait in the connection's outbox, which gets the wire when the handshake has been accepted.
    this.wire.write(this.#running.bytes);
  }
}
