import type { Client } from '../downstream/client.ts';
import type { Connection } from '../upstream/connection.ts';
import { type Sink, type Slot, takeSlot } from '../upstream/slot.ts';

/** An answer that is put together may have this many bytes; it must be held until the last part is there. */
export const MAX_GATHERED_BYTES = 32 * 1024 * 1024;

/** What one shard said: a whole reply, or the text of the proxy's own error. */
export interface Part {
  readonly shard: string;
  readonly reply: Buffer | undefined;
  readonly error: string | undefined;
}

/** Makes one answer of all parts, in the order in which they were asked for. */
export type MergeParts = (parts: readonly Part[]) => Buffer;

/** Collects the replies of several shards to one command of a client. */
export class Gather implements Sink {
  readonly owner: object;
  readonly #client: Client;
  readonly #slot: Slot;
  readonly #merge: MergeParts;
  readonly #parts: Part[];
  readonly #pieces = new Map<Slot, Buffer[]>();
  #pending: number;
  #bytes = 0;
  #done = false;

  /** @param shards the name of the shard that each part comes from */
  constructor(client: Client, slot: Slot, shards: readonly string[], merge: MergeParts) {
    this.owner = client;
    this.#client = client;
    this.#slot = slot;
    this.#merge = merge;
    this.#parts = shards.map((shard) => ({ shard, reply: undefined, error: undefined }));
    this.#pending = shards.length;
    slot.gather = this;
  }

  /** A slot for part `index`, to be put on a connection. */
  slot(index: number): Slot {
    const slot = takeSlot();
    slot.sink = this;
    slot.part = index;
    slot.protocol = this.#slot.protocol;
    return slot;
  }

  /** A part that cannot be asked for. */
  fail(index: number, error: string): void {
    this.#part(index, undefined, error);
  }

  /** The client is gone. */
  abandon(): void {
    this.#done = true;
  }

  onReply(slot: Slot, buffer: Buffer, start: number, end: number): void {
    if (slot.lane !== null) slot.lane.outstanding--;
    if (!this.#room(end - start)) return;
    const reply = Buffer.allocUnsafe(end - start);
    buffer.copy(reply, 0, start, end);
    this.#part(slot.part, reply, undefined);
  }

  onFailure(slot: Slot, error: string): void {
    if (slot.lane !== null) slot.lane.outstanding--;
    this.#pieces.delete(slot);
    this.#part(slot.part, undefined, error);
  }

  onLarge(slot: Slot, connection: Connection): boolean {
    this.#pieces.set(slot, []);
    connection.stream();
    return true;
  }

  onPart(slot: Slot, buffer: Buffer, start: number, end: number, last: boolean): void {
    const pieces = this.#pieces.get(slot);
    if (this.#room(end - start)) pieces?.push(Buffer.from(buffer.subarray(start, end)));
    if (!last) return;
    if (slot.lane !== null) slot.lane.outstanding--;
    this.#pieces.delete(slot);
    this.#part(slot.part, Buffer.concat(pieces ?? []), undefined);
  }

  #room(size: number): boolean {
    this.#bytes += size;
    if (this.#done) return false;
    if (this.#bytes <= MAX_GATHERED_BYTES) return true;
    this.#finish(
      Buffer.from(`-ERR the answer put together from several shards would exceed ${MAX_GATHERED_BYTES} bytes\r\n`),
    );
    return false;
  }

  #part(index: number, reply: Buffer | undefined, error: string | undefined): void {
    const { shard } = this.#parts[index] as Part;
    this.#parts[index] = { shard, reply, error };
    if (--this.#pending === 0 && !this.#done) this.#finish(this.#merge(this.#parts));
  }

  #finish(answer: Buffer): void {
    this.#done = true;
    this.#pieces.clear();
    this.#client.settle(this.#slot, answer);
  }
}
