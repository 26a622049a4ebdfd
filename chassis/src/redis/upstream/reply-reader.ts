import { Carry } from '../../io/carry.ts';
import { ReplyFramer } from '../resp/reply-framer.ts';

/** A reply that is, or announces to be, longer than this is large: it is passed on in pieces instead of as a whole. */
export const LARGE_REPLY_BYTES = 1024 * 1024;

/** What becomes of replies. */
export interface ReplyTarget {
  readonly state: string;
  /** A whole reply; `type` is its first byte. */
  onFrame(buffer: Buffer, start: number, end: number, type: number): void;
  /** A reply turns out to be large. Its bytes are kept until `release`, so nothing more may be read before that. */
  onLarge(type: number): void;
  /** A piece of a large reply. */
  onPiece(buffer: Buffer, start: number, end: number): void;
  /** The last piece of a large reply. */
  onLastPiece(buffer: Buffer, start: number, end: number, type: number): void;
}

/** Cuts what a shard sends into replies. A small reply in several reads is put together, a large one never is. */
export class ReplyReader {
  readonly #target: ReplyTarget;
  readonly #framer = new ReplyFramer();
  readonly #carry = new Carry();
  #large = false;

  constructor(target: ReplyTarget) {
    this.#target = target;
  }

  /** Whether a large reply is on its way. */
  get large(): boolean {
    return this.#large;
  }

  /**
   * Reads `buffer[0, end)`.
   * @throws ProtocolError when it is not RESP
   */
  read(buffer: Buffer, end: number): void {
    const framer = this.#framer;
    const target = this.#target;
    let from = 0;
    while (from < end) {
      if (!framer.next(buffer, from, end)) {
        this.#partial(buffer, from, end);
        return;
      }
      const type = framer.take();
      if (!this.#large && this.#carry.length === 0) target.onFrame(buffer, from, framer.end, type);
      else this.#completed(buffer, from, framer.end, type);
      from = framer.end;
      if (target.state === 'closed') return;
    }
  }

  /** Passes on what has been kept of a large reply. */
  release(): void {
    const { buffer, length } = this.#carry;
    if (buffer !== null && length > 0) this.#target.onPiece(buffer, 0, length);
    this.#carry.clear();
  }

  clear(): void {
    this.#carry.clear();
  }

  #completed(buffer: Buffer, start: number, end: number, type: number): void {
    if (this.#large) {
      this.#large = false;
      this.#target.onLastPiece(buffer, start, end, type);
      return;
    }
    const carry = this.#carry;
    carry.append(buffer, start, end);
    this.#target.onFrame(carry.buffer as Buffer, 0, carry.length, type);
    carry.clear();
  }

  #partial(buffer: Buffer, start: number, end: number): void {
    if (this.#large) {
      this.#target.onPiece(buffer, start, end);
      return;
    }
    const { due, type } = this.#framer;
    this.#large = this.#carry.length + end - start + due > LARGE_REPLY_BYTES;
    this.#carry.append(buffer, start, end, this.#large ? 0 : due + 2);
    if (this.#large) this.#target.onLarge(type);
  }
}
