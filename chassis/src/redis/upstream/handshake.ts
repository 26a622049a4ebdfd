import { request } from '../resp/encode.ts';

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
  /** What some clients asked for (a protocol, a database): an error concerns them, and says nothing about the shard. */
  readonly asked?: true;
}

/** Why a connection cannot be used. */
export interface Refusal {
  readonly reason: string;
  /** Whether the shard is to blame; false: what clients asked for is. */
  readonly failure: boolean;
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
    steps.push({ what: 'HELLO 3', args, required: true, asked: true });
  } else if (password !== undefined) {
    // The form with one argument is the only one before Redis 6, and the same as the user `default` since.
    const args = username === undefined ? ['AUTH', password] : ['AUTH', username, password];
    steps.push({ what: 'AUTH', args, required: true });
  }
  steps.push({ what: 'CLIENT SETNAME', args: ['CLIENT', 'SETNAME', 'motif-sharding'], required: false });
  if (database !== 0)
    steps.push({ what: `SELECT ${database}`, args: ['SELECT', String(database)], required: true, asked: true });
  return steps;
}

/** A handshake under way. */
export class Handshake {
  readonly bytes: Buffer;
  readonly #steps: HandshakeStep[];

  constructor(protocol: number, database: number, credentials: Credentials) {
    this.#steps = handshakeSteps(protocol, database, credentials);
    this.bytes = Buffer.from(this.#steps.map(({ args }) => request(args)).join(''), 'latin1');
  }

  get done(): boolean {
    return this.#steps.length === 0;
  }

  /** Takes the next reply. @returns why the connection cannot be used, or undefined */
  answered(reply: string): Refusal | undefined {
    const step = this.#steps.shift();
    if (step === undefined || !step.required || !reply.startsWith('-')) return undefined;
    const reason = `it answered ${step.what} with ${reply.slice(1, reply.indexOf('\r\n'))}`;
    return { reason, failure: step.asked !== true };
  }
}

/** Whether a reply says that the server cannot serve yet, but is alive. */
export function isLoading(reply: string): boolean {
  return reply.startsWith('-LOADING') || reply.startsWith('-MASTERDOWN');
}
