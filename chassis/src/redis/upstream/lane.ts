import type { Connection } from './connection.ts';

/**
 * A client's way to one shard: the connection it uses there and how many of its commands are unanswered on it. Commands of
 * one client reach a shard in order, so the connection changes only while `outstanding` is 0.
 */
export class Lane {
  connection: Connection | null = null;
  outstanding = 0;
  /** The client changed its protocol or database: another connection is due as soon as nothing is outstanding. */
  stale = false;
}
