/** Who the proxy is to the shards. */
export interface Credentials {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** One command of a handshake and what it is, for messages. */
export interface HandshakeStep {
  readonly what: string;
  readonly args: readonly string[];
  /** Whether the connection is of no use when this is answered with an error. */
  readonly required: boolean;
}

/**
 * What a new connection says first: HELLO 3 with credentials or AUTH, the name, the database. All in one write; commands
 * follow only when everything required was accepted.
 */
export function handshakeSteps(
  protocol: number,
  database: number,
  { username, password }: Credentials,
): HandshakeStep[] {
  const steps: HandshakeStep[] = [];
  const auth = password === undefined ? [] : [username ?? 'default', password];
  if (protocol === 3) {
    const args = ['HELLO', '3', ...(auth.length > 0 ? ['AUTH', ...auth] : [])];
    steps.push({ what: 'HELLO 3', args, required: true });
  } else if (password !== undefined) {
    // The form with one argument is the only one before Redis 6, and the same as the user `default` since.
    steps.push({
      what: 'AUTH',
      args: username === undefined ? ['AUTH', password] : ['AUTH', username, password],
      required: true,
    });
  }
  steps.push({ what: 'CLIENT SETNAME', args: ['CLIENT', 'SETNAME', 'motif-sharding'], required: false });
  if (database !== 0) steps.push({ what: `SELECT ${database}`, args: ['SELECT', String(database)], required: true });
  return steps;
}

/** Whether a reply says that the server cannot check credentials or serve yet, but is alive. */
export function isLoading(reply: string): boolean {
  return reply.startsWith('-LOADING') || reply.startsWith('-MASTERDOWN');
}
