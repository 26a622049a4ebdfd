import { BodyScanner } from '../resp/body-scanner.ts';
import type { RequestScanner } from '../resp/request-scanner.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Client } from './client.ts';

/** Above this many unsent bytes the client is not read. */
const WINDOW_BYTES = 256 * 1024;

/**
 * A long request on its way to its shard while it still arrives: over a connection of the client's own, as fast as the shard
 * takes it. When that connection breaks, the rest is read and dropped, since the client goes on sending it; so it is for a shard that is ejected.
 */
export class Upload {
  readonly #client: Client;
  /** Null: the request was refused already and its bytes are dropped. */
  readonly #connection: Connection | null;
  readonly #body: BodyScanner;

  private constructor(client: Client, connection: Connection | null, body: BodyScanner) {
    this.#client = client;
    this.#connection = connection;
    this.#body = body;
  }

  /** Sends what there is of the request that `scanner` has begun, up to `end`. Its slot is on the connection already. */
  static begin(client: Client, scanner: RequestScanner, end: number): Upload {
    const connection = client.uploading;
    const skip = scanner.bulk === -1 ? 0 : scanner.bulk + 2;
    const body = new BodyScanner(scanner.missing, skip);
    const upload = new Upload(client, connection, body);
    if (connection !== null) {
      connection.upload = 'running';
      connection.outbox.append(scanner.buffer, scanner.start, scanner.position);
    }
    upload.more(scanner.buffer, scanner.position, end);
    return upload;
  }

  get done(): boolean {
    return this.#body.done;
  }

  /** Sends on. @returns how many bytes belong to the request */
  more(buffer: Buffer, start: number, end: number): number {
    const taken = this.#body.take(buffer, start, end);
    const connection = this.#connection;
    if (connection !== null && connection.state !== 'closed' && taken > 0) {
      connection.outbox.append(buffer, start, start + taken);
      if (connection.congested(WINDOW_BYTES)) {
        this.#client.wire.pause();
        connection.whenDrained(this.#client);
      }
    }
    if (this.#body.done) {
      if (connection !== null) connection.upload = 'complete';
      this.#client.uploading = null;
    }
    return taken;
  }
}
