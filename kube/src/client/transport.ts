import { Pool } from 'undici';
import type { KubeConnection } from '../connection/types.ts';
import { isTlsRefusal } from './failure.ts';

/** One HTTP request; `path` is relative to the API server's address. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
  /** A stream may be silent between its chunks. */
  readonly stream: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: { text(): Promise<string>; dump(): Promise<void> } & AsyncIterable<Uint8Array>;
}

export interface TransportOptions {
  /** Connections at the same time. Default: 32; a lease's client takes 1. */
  readonly connections?: number | undefined;
}

/**
 * A pool of connections to one API server: TLS, keep-alive, HTTP/1.1 (over HTTP/2 undici leaked in Pepr's measurements, and one
 * connection would carry all watches). A refused certificate makes the pool anew, so that a rotated CA is taken up.
 */
export class Transport {
  readonly #connection: KubeConnection;
  readonly #connections: number;
  readonly #prefix: string;
  readonly #origin: string;
  #pool: Promise<Pool> | undefined;
  #closed = false;

  constructor(connection: KubeConnection, options: TransportOptions = {}) {
    const url = new URL(connection.server);
    this.#connection = connection;
    this.#connections = options.connections ?? 32;
    this.#origin = url.origin;
    this.#prefix = url.pathname === '/' ? '' : url.pathname;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const pool = await this.#open();
    try {
      const answer = await pool.request({
        method: request.method,
        path: `${this.#prefix}${request.path}`,
        headers: request.headers,
        body: request.body ?? null,
        signal: request.signal,
        // The caller's deadline is the signal; these bound what a lost signal would leave behind. 0 is none.
        headersTimeout: 60_000,
        bodyTimeout: request.stream ? 0 : 60_000,
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      if (isTlsRefusal(error)) await this.#renew(pool);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#pool)?.destroy();
  }

  #open(): Promise<Pool> {
    if (this.#closed) throw new Error('the client is closed');
    this.#pool ??= this.#make();
    return this.#pool;
  }

  async #make(): Promise<Pool> {
    const tls = definedOnly(await this.#connection.tls());
    return new Pool(this.#origin, {
      connections: this.#connections,
      pipelining: 1,
      allowH2: false,
      // Below the 3 min after which an API server closes idle connections, so that we are the one to close.
      keepAliveTimeout: 60_000,
      connect: { ...tls, timeout: 5_000, allowH2: false, keepAlive: true, keepAliveInitialDelay: 10_000 },
    });
  }

  async #renew(pool: Pool): Promise<void> {
    if ((await this.#pool) === pool) this.#pool = undefined;
    void pool.close();
  }
}

function definedOnly<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
