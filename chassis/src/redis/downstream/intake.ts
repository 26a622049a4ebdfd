import { Carry } from '../../io/carry.ts';
import { error as errorReply } from '../resp/encode.ts';
import { inlineToFrame } from '../resp/inline.ts';
import { ProtocolError } from '../resp/protocol-error.ts';
import { INLINE, MORE, RequestScanner } from '../resp/request-scanner.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Slot } from '../upstream/slot.ts';
import type { Client } from './client.ts';
import { BLOCKED, dispatch, UPLOAD, uploadTarget } from './dispatch.ts';
import { Upload } from './upload.ts';

/** A request longer than this gets a connection of its own. */
export const LARGE_REQUEST_BYTES = 64 * 1024;
/** A request that must be seen whole (keys of several shards, or none) may have this many bytes. */
export const MAX_BUFFERED_REQUEST_BYTES = 64 * 1024 * 1024;

/**
 * A client's bytes on their way in: cuts them into requests and hands these to `dispatch` one by one. Requests of one read
 * that go to the same shard one behind the other are copied there in one piece. What cannot be handled yet is kept, and no
 * more is read until it can.
 */
export class Intake {
  readonly #client: Client;
  readonly #scanner = new RequestScanner();
  readonly #inline = new RequestScanner();
  readonly #input = new Carry();
  /** A request that was scanned and waits: the scanner that has it. */
  #waiting: RequestScanner | null = null;
  #upload: Upload | null = null;
  #run: Connection | null = null;
  #runBuffer: Buffer | null = null;
  #runStart = 0;
  #runEnd = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Whether a request has begun and is not complete, or waits. */
  get busy(): boolean {
    return this.#input.length > 0 || this.#upload !== null;
  }

  /** Takes bytes that the client sent. */
  feed(buffer: Buffer, end: number): void {
    const client = this.#client;
    if (client.ending) return;
    const input = this.#input;
    if (input.length > 0) {
      input.append(buffer, 0, end);
      this.#scanner.move(input.buffer as Buffer, this.#scanner.start);
      if (!client.blocked) this.#guarded(input.buffer as Buffer, input.length);
      return;
    }
    this.#scanner.begin(buffer, 0);
    this.#guarded(buffer, end);
  }

  /** Tries again what waited; reads on when nothing waits any more. */
  retry(): void {
    const client = this.#client;
    client.blocked = false;
    if (this.#input.length > 0 || this.#waiting !== null) {
      const { buffer, length } = this.#input;
      this.#guarded(buffer ?? this.#scanner.buffer, length);
    }
    if (!client.blocked && !client.ending) client.wire.resume();
  }

  /** Forgets what has arrived. A shard that got half a request loses its connection. */
  close(): void {
    this.#client.uploading?.close('its client is gone', false);
    this.#upload = null;
    this.#waiting = null;
    this.#input.clear();
  }

  /** The bytes of the request at hand are appended to what goes to `connection`. */
  pass(connection: Connection, args: RequestScanner, slot: Slot): void {
    if (connection === this.#run && args.start === this.#runEnd && args.buffer === this.#runBuffer) {
      slot.offset = connection.outbox.appended + args.start - this.#runStart;
      this.#runEnd = args.position;
      return;
    }
    this.endRun();
    slot.offset = connection.outbox.appended;
    this.#run = connection;
    this.#runBuffer = args.buffer;
    this.#runStart = args.start;
    this.#runEnd = args.position;
  }

  /** Copies what was passed so far: before other bytes go to a shard, and before the buffer is used again. */
  endRun(): void {
    if (this.#run === null) return;
    this.#run.outbox.append(this.#runBuffer as Buffer, this.#runStart, this.#runEnd);
    this.#run = null;
    this.#runBuffer = null;
  }

  #guarded(buffer: Buffer, end: number): void {
    try {
      this.#process(buffer, end);
    } catch (error) {
      this.#run = null;
      if (!(error instanceof ProtocolError)) throw error;
      this.close();
      this.#client.answer(errorReply(`ERR ${error.message}`));
      this.#client.finish();
    }
  }

  #process(buffer: Buffer, end: number): void {
    const scanner = this.#scanner;
    scanner.trusted = this.#client.session.authenticated;
    let kept = -1;
    if (this.#upload !== null) this.#uploadMore(buffer, end);
    if (this.#upload === null) kept = this.#requests(end);
    this.endRun();
    if (this.#client.ending && this.#waiting === null) {
      this.#input.clear();
      return;
    }
    this.#keep(buffer, kept === -1 ? scanner.start : kept, end);
  }

  /** Dispatches as many requests as it can. @returns where the bytes begin that must be kept */
  #requests(end: number): number {
    const client = this.#client;
    const scanner = this.#scanner;
    for (;;) {
      let args = this.#waiting;
      if (args === null) {
        if (client.ending) return end;
        const found = scanner.next(end);
        if (found === MORE) return this.#unfinished(end);
        args = found === INLINE ? this.#readInline() : scanner;
        if (args === null) continue;
      }
      if (dispatch(client, args, this) === BLOCKED) {
        this.#block(args);
        return args === scanner ? scanner.start : scanner.position;
      }
      this.#waiting = null;
      scanner.trusted = client.session.authenticated;
    }
  }

  #block(args: RequestScanner): void {
    this.#waiting = args;
    this.#client.blocked = true;
    this.#client.wire.pause();
  }

  #readInline(): RequestScanner | null {
    const scanner = this.#scanner;
    const frame = inlineToFrame(scanner.buffer.subarray(scanner.start, scanner.position));
    if (frame.length === 0) return null;
    this.#inline.begin(frame, 0);
    this.#inline.next(frame.length);
    return this.#inline;
  }

  /** A request has begun; a long one is passed on before it is complete. @returns where its bytes begin */
  #unfinished(end: number): number {
    const scanner = this.#scanner;
    if (scanner.announced <= LARGE_REQUEST_BYTES) return scanner.start;
    const target = uploadTarget(this.#client, scanner);
    if (target === BLOCKED) {
      this.#client.blocked = true;
      this.#client.wire.pause();
      return scanner.start;
    }
    if (target === UPLOAD) return this.#beginUpload(end);
    if (scanner.announced > MAX_BUFFERED_REQUEST_BYTES) {
      this.#client.refuse(`ERR a request for several shards may have at most ${MAX_BUFFERED_REQUEST_BYTES} bytes`);
      this.#client.finish();
    }
    return scanner.start;
  }

  #beginUpload(end: number): number {
    const scanner = this.#scanner;
    this.endRun();
    this.#upload = Upload.begin(this.#client, scanner, end);
    scanner.begin(scanner.buffer, end);
    return end;
  }

  #uploadMore(buffer: Buffer, end: number): void {
    const upload = this.#upload as Upload;
    const taken = upload.more(buffer, this.#scanner.start, end);
    this.#scanner.begin(buffer, this.#scanner.start + taken);
    if (upload.done) this.#upload = null;
  }

  /** Keeps `buffer[from, end)` for later, in a buffer of the client's own. */
  #keep(buffer: Buffer, from: number, end: number): void {
    const input = this.#input;
    const scanner = this.#scanner;
    const shift = scanner.start - from;
    if (buffer === input.buffer) input.consume(from);
    else if (from < end) input.append(buffer, from, end, this.#expected(end - from));
    if (input.buffer === null) return;
    scanner.move(input.buffer, shift);
  }

  /** How many bytes a request that is kept still announces, within reason. */
  #expected(have: number): number {
    return Math.min(Math.max(0, this.#scanner.announced - have), LARGE_REQUEST_BYTES);
  }
}
