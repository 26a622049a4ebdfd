import { request } from '../resp/encode.ts';
import type { Connection } from './connection.ts';
import { type Sink, type Slot, takeSlot } from './slot.ts';

/** A reply as bytes, or why there is none. */
export type Asked = (reply: Buffer | undefined, error: string) => void;

/** Asks a shard something on the proxy's own behalf, in turn with the commands of clients. `done` is called once. */
export function ask(connection: Connection, args: readonly string[], group: number, done: Asked): void {
  const slot = takeSlot();
  slot.sink = new Question(done);
  slot.group = group;
  slot.protocol = connection.protocol;
  slot.offset = connection.outbox.appended;
  connection.issue(slot, connection.shard.runtime.now());
  connection.outbox.text(request(args));
}

class Question implements Sink {
  readonly owner: object = this;
  readonly #done: Asked;

  constructor(done: Asked) {
    this.#done = done;
  }

  onReply(_slot: Slot, buffer: Buffer, start: number, end: number): void {
    this.#done(Buffer.from(buffer.subarray(start, end)), '');
  }

  onFailure(_slot: Slot, error: string): void {
    this.#done(undefined, error);
  }

  onLarge(slot: Slot): boolean {
    this.onFailure(slot, 'the answer is too large');
    return false;
  }

  onPart(): void {}
}
