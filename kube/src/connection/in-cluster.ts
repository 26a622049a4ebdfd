import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import type { Clock } from '@motif/kit';
import { ConnectionConfigError, type KubeConnection } from './types.ts';

/** Where the kubelet mounts a service account's token, CA and namespace. */
export const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Tokens are rotated on disk at 80 % of their hour; reading once a minute, as client-go does, is soon enough. */
const TOKEN_AGE_MS = 60_000;

export interface InClusterOptions {
  /** The process' environment (`KUBERNETES_SERVICE_HOST`, `KUBERNETES_SERVICE_PORT`). */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly directory?: string;
}

/**
 * The connection of a pod, from its environment and mounted service account.
 * Throws `ConnectionConfigError` naming the variable or file that is missing.
 */
export async function inClusterConnection(options: InClusterOptions): Promise<KubeConnection> {
  const { env, clock, directory = SERVICE_ACCOUNT_DIR } = options;
  const host = required(env, 'KUBERNETES_SERVICE_HOST');
  const port = required(env, 'KUBERNETES_SERVICE_PORT');
  const token = new TokenFile(`${directory}/token`, clock);
  await token.read(true);
  const namespace = (await read(`${directory}/namespace`)).trim();
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    namespace,
    tls: async () => ({ ca: await read(`${directory}/ca.crt`) }),
    headers: async (refresh) => ({ authorization: `Bearer ${await token.read(refresh)}` }),
  };
}

/** A token that is read again when it is a minute old or was refused; the last good one serves while the file cannot be read. */
class TokenFile {
  readonly #path: string;
  readonly #clock: Clock;
  #token: string | undefined;
  #readAt = 0;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  async read(refresh: boolean): Promise<string> {
    const now = this.#clock.monotonic();
    if (this.#token !== undefined && !refresh && now - this.#readAt < TOKEN_AGE_MS) return this.#token;
    try {
      this.#token = (await read(this.#path)).trim();
      this.#readAt = now;
    } catch (error) {
      if (this.#token === undefined) throw error;
    }
    return this.#token;
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConnectionConfigError(`cannot read ${path}: is a service account mounted?`, { cause });
  }
}

function required(env: InClusterOptions['env'], name: string): string {
  const value = env[name];
  if (value === undefined || value === '') {
    throw new ConnectionConfigError(`${name} is not set: this does not run in a pod; give a kubeconfig instead`);
  }
  return value;
}
