import { copyBytes } from './copy.ts';
import type { Flushable, Flusher } from './flusher.ts';
import { LARGE_SLAB_BYTES, SLAB_BYTES, slabs } from './slabs.ts';
import type { Wire } from './wire.ts';

/** So many bytes are written without waiting for more: a packet's worth several times over. */
const HOLD_BYTES = 4096;

/** Who knows whether more bytes will follow soon. */
export interface Patience {
  /** Whether what comes next is worth a wait of at most about a millisecond, which saves a write. */
  moreSoon(): boolean;
}

/**
 * What is to be written to one wire: bytes are gathered in a slab and written once a turn. When the kernel does not take
 * them all, further ones queue up, counted in `queued`, until it does.
 */
export class Outbox implements Flushable {
  /** Undefined until there is a connection: bytes wait. */
  wire: Wire | undefined;
  /** Bytes that the kernel has not taken. */
  queued = 0;
  /** Bytes ever appended. */
  appended = 0;
  /** Takes over what was written, instead of the pool. */
  sent: ((buffer: Buffer, size: number) => void) | undefined;
  /** Asked at the end of a turn before little is written. */
  patience: Patience | undefined;
  readonly #flusher: Flusher;
  #slab: Buffer | undefined;
  #length = 0;
  /** Full buffers and how many bytes of each count, oldest first. */
  #waiting: Buffer[] = [];
  #sizes: number[] = [];
  #sending: Buffer | undefined;
  #sendingSize = 0;
  /** The flusher has it: it will call `flush`. */
  #dirty = false;
  /** The flusher has it, but maybe only for later. */
  #held = false;

  constructor(flusher: Flusher, wire?: Wire) {
    this.#flusher = flusher;
    this.wire = wire;
  }

  /** Copies `source[start, end)`. */
  append(source: Buffer, start: number, end: number): void {
    const size = end - start;
    const slab = this.#slab;
    const length = this.#length;
    if (slab === undefined || length + size > slab.length) {
      this.#appendSlow(source, start, end);
      return;
    }
    copyBytes(source, start, end, slab, length);
    this.#length = length + size;
    this.appended += size;
    this.queued += size;
  }

  /** Latin1 text. */
  text(text: string): void {
    const size = text.length;
    if (size > SLAB_BYTES) {
      this.own(Buffer.from(text, 'latin1'));
      return;
    }
    if (this.#slab === undefined || this.#length + size > this.#slab.length) this.#open(size);
    (this.#slab as Buffer).write(text, this.#length, size, 'latin1');
    this.#length += size;
    this.appended += size;
    this.queued += size;
  }

  /** Takes the first `size` bytes over: they are not copied, and the caller does not touch the buffer any more. */
  own(bytes: Buffer, size: number = bytes.length): void {
    this.#seal();
    this.#waiting.push(bytes);
    this.#sizes.push(size);
    this.appended += size;
    this.queued += size;
    this.#mark();
  }

  /** The flusher's call at the end of a turn: writes what there is, unless it is little and more is to follow soon. */
  flush(): void {
    const little = this.queued > 0 && this.queued < HOLD_BYTES;
    this.#held = little && this.patience?.moreSoon() === true && this.#flusher.hold(this);
    if (this.#held) return;
    this.#dirty = false;
    this.writeNow();
  }

  /** Writes what there is, as far as the kernel takes it. */
  writeNow(): void {
    const wire = this.wire;
    if (wire === undefined || this.#sending !== undefined) return;
    while (this.#waiting.length > 0) {
      if (!this.#send(wire, this.#waiting.shift() as Buffer, this.#sizes.shift() as number)) return;
    }
    const slab = this.#slab;
    const length = this.#length;
    if (slab === undefined || length === 0) return;
    this.#slab = undefined;
    this.#length = 0;
    this.#send(wire, slab, length);
  }

  /** The kernel took what was being sent; goes on with the rest. @returns whether all is gone */
  drained(): boolean {
    if (this.#sending !== undefined) {
      this.queued -= this.#sendingSize;
      this.#free(this.#sending, this.#sendingSize);
      this.#sending = undefined;
    }
    this.writeNow();
    return this.#sending === undefined;
  }

  /** Forgets everything that was not written. */
  clear(): void {
    for (const bytes of this.#waiting) slabs.give(bytes);
    this.#waiting = [];
    this.#sizes = [];
    if (this.#slab !== undefined) slabs.give(this.#slab);
    this.#slab = undefined;
    this.#length = 0;
    // What the kernel is still taking stays out of the pool: it may be read until the socket is closed.
    this.#sending = undefined;
    this.queued = 0;
  }

  #send(wire: Wire, buffer: Buffer, size: number): boolean {
    if (wire.write(size === buffer.length ? buffer : buffer.subarray(0, size))) {
      this.queued -= size;
      this.#free(buffer, size);
      return true;
    }
    this.#sending = buffer;
    this.#sendingSize = size;
    return false;
  }

  #free(buffer: Buffer, size: number): void {
    if (this.sent === undefined) slabs.give(buffer);
    else this.sent(buffer, size);
  }

  #appendSlow(source: Buffer, start: number, end: number): void {
    const size = end - start;
    if (size <= LARGE_SLAB_BYTES) {
      this.#open(size);
      this.append(source, start, end);
      return;
    }
    const bytes = Buffer.allocUnsafeSlow(size);
    source.copy(bytes, 0, start, end);
    this.own(bytes, size);
  }

  /** Makes room for `size` bytes more, at most a large slab: behind what there is if that spares a write, which costs more than a copy. */
  #open(size: number): void {
    const slab = this.#slab;
    const length = this.#length;
    if (slab !== undefined && length > 0 && slab.length === SLAB_BYTES && length + size <= LARGE_SLAB_BYTES) {
      const large = slabs.large();
      copyBytes(slab, 0, length, large, 0);
      slabs.give(slab);
      this.#slab = large;
      return;
    }
    this.#seal();
    this.#slab = size <= SLAB_BYTES ? slabs.small() : slabs.large();
    this.#mark();
  }

  /** The slab at hand is full: it goes to the others that wait. */
  #seal(): void {
    const slab = this.#slab;
    if (slab === undefined) return;
    if (this.#length > 0) {
      this.#waiting.push(slab);
      this.#sizes.push(this.#length);
    } else slabs.give(slab);
    this.#slab = undefined;
    this.#length = 0;
  }

  #mark(): void {
    if (this.#dirty && !this.#held) return;
    this.#dirty = true;
    this.#held = false;
    this.#flusher.add(this);
  }
}
