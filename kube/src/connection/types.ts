import { MotifError } from '@motif/kit';

/** TLS material; PEM. */
export interface TlsOptions {
  readonly ca?: string | Buffer | undefined;
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly servername?: string | undefined;
  /** False only where a kubeconfig says `insecure-skip-tls-verify`. */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** Where the API server is and how to prove who we are. */
export interface KubeConnection {
  /** `https://host:port`, with a path where the kubeconfig has one. */
  readonly server: string;
  /** Read again for every new pool: a CA that was rotated is taken up when the pool is made anew. */
  tls(): Promise<TlsOptions>;
  /** Headers that authenticate a call. `refresh`: the last ones were refused (401). */
  headers(refresh: boolean): Promise<Readonly<Record<string, string>>>;
  /** The namespace that the credentials belong to. */
  readonly namespace: string;
}

/** The API server's address or our credentials cannot be found. */
export class ConnectionConfigError extends MotifError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('ConnectionConfig', message, options);
  }
}
