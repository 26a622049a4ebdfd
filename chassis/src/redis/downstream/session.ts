/** What Redis keeps for each connection, kept here because connections to shards are shared. */
export class Session {
  readonly id: number;
  readonly since: number;
  protocol = 2;
  database = 0;
  name = '';
  libraryName = '';
  libraryVersion = '';
  user = 'default';
  authenticated: boolean;
  /** CLIENT REPLY. */
  reply: 'on' | 'off' = 'on';
  /** The next command is not answered (CLIENT REPLY SKIP). */
  skipNext = false;
  noEvict = false;
  lastCommand = 'NULL';

  constructor(id: number, since: number, authenticated: boolean) {
    this.id = id;
    this.since = since;
    this.authenticated = authenticated;
  }

  /** RESET, but for the protocol's and database's effect on connections, which is the caller's. */
  reset(authenticated: boolean): void {
    this.protocol = 2;
    this.database = 0;
    this.name = '';
    this.user = 'default';
    this.authenticated = authenticated;
    this.reply = 'on';
    this.skipNext = false;
    this.noEvict = false;
  }
}
