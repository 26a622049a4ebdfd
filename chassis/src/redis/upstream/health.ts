import { OTHER_GROUP } from '../metrics/groups.ts';
import { decodeReply, ReplyError } from '../resp/decode.ts';
import { ask } from './ask.ts';
import type { Connection } from './connection.ts';
import { isLoading } from './handshake.ts';
import type { Shard } from './shard.ts';

/** Between two questions of how a shard is. */
const CHECK_MS = 1000;

/** What a shard said about itself when it was first reached, or reached again. */
export interface Introduction {
  readonly shard: Shard;
  /** Its answer to COMMAND. */
  readonly commands: unknown;
  /** Its `redis_version`; empty when it does not tell. */
  readonly version: string;
  /** How many databases it has; 0 when it does not tell. */
  readonly databases: number;
}

/**
 * Looks after one shard: keeps a connection to it open, asks every second how it is, and while it is ejected sends the probe
 * that may bring it back, so that no client's command is spent on finding out.
 */
export class Health {
  readonly shard: Shard;
  readonly #introduced: (introduction: Introduction) => void;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #asking = false;
  #known: Connection | undefined;

  constructor(shard: Shard, introduced: (introduction: Introduction) => void) {
    this.shard = shard;
    this.#introduced = introduced;
  }

  /** Called every few milliseconds. */
  tick(now: number): void {
    const { shard } = this;
    if (shard.circuit.open) {
      if (shard.circuit.admit(now)) this.#probe();
      return;
    }
    if (now - this.#checkedAt < CHECK_MS || this.#asking) return;
    this.#checkedAt = now;
    const connection = shard.shared(2, 0);
    if (connection === undefined) return;
    if (connection !== this.#known) this.#introduce(connection);
    this.#asking = true;
    ask(connection, ['PING'], OTHER_GROUP, (reply) => {
      this.#asking = false;
      if (reply !== undefined) shard.loading = isLoading(reply.toString('latin1', 0, 12));
    });
  }

  #probe(): void {
    const { shard } = this;
    const connection = shard.probe();
    ask(connection, ['PING'], OTHER_GROUP, (reply, error) => {
      if (reply === undefined) {
        shard.lastError = error;
        connection.disown();
        return;
      }
      shard.loading = isLoading(reply.toString('latin1', 0, 12));
      if (!shard.options.flushOnReturn) this.#returned(connection);
      else if (!shard.loading) this.#flush(connection);
      else this.#refused(connection, 'it is loading and must be emptied after that');
    });
  }

  /** A shard whose keys others served meanwhile comes back empty: what it had is out of date. */
  #flush(connection: Connection): void {
    ask(connection, ['FLUSHALL'], OTHER_GROUP, (reply) => {
      if (reply !== undefined && reply[0] === 43) this.#returned(connection);
      else this.#refused(connection, 'it cannot be emptied');
    });
  }

  #refused(connection: Connection, reason: string): void {
    this.shard.failed(this.shard.runtime.now(), reason);
    connection.disown();
  }

  #returned(connection: Connection): void {
    this.shard.returned();
    connection.disown();
  }

  #introduce(connection: Connection): void {
    this.#known = connection;
    let commands: unknown;
    let version = '';
    const { shard } = this;
    ask(connection, ['COMMAND'], OTHER_GROUP, (reply) => {
      commands = reply && decodeReply(reply);
    });
    ask(connection, ['INFO', 'server'], OTHER_GROUP, (reply) => {
      version = /redis_version:([^\r\n]*)/.exec(reply?.toString('latin1') ?? '')?.[1] ?? '';
    });
    ask(connection, ['CONFIG', 'GET', 'databases'], OTHER_GROUP, (reply) => {
      const value = reply && decodeReply(reply);
      const databases = Array.isArray(value) ? Number(value[1]) : 0;
      if (reply === undefined || commands instanceof ReplyError) this.#known = undefined;
      else this.#introduced({ shard, commands, version, databases: databases > 0 ? databases : 0 });
    });
  }
}
