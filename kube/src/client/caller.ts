import type { Clock, Random } from '@motif/kit';
import type { KubeConnection } from '../connection/types.ts';
import { isUnauthorized, KubeApiError } from '../errors.ts';
import { abortFailure, statusFailure, timeoutFailure, transportFailure } from './failure.ts';
import { type Repeatable, retryDelay } from './retry.ts';
import type { HttpRequest, HttpResponse, Transport } from './transport.ts';
import type { CallOptions } from './types.ts';

/** What one attempt came to, for metrics. `code` is the HTTP status, or `<error>` as client-go says where there was none. */
export interface CallObservation {
  readonly method: string;
  readonly host: string;
  readonly code: string;
  readonly durationMs: number;
}

export interface Call extends CallOptions {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  readonly repeatable: Repeatable;
  readonly stream?: boolean | undefined;
}

export interface CallerOptions {
  readonly connection: KubeConnection;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly userAgent: string;
  /** Time (ms) for one attempt. Default: 15,000. */
  readonly attemptTimeoutMs: number;
  readonly observe: (observation: CallObservation) => void;
}

/** Time (ms) for a call, retries included. */
export const CALL_TIMEOUT_MS = 30_000;

/** Makes calls: attempts with a time of their own, retries between them, one error class out of it. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #host: string;

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#host = new URL(options.connection.server).host;
  }

  /**
   * Carries a call out; `take` turns a good answer into a value within the attempt's time. `recover` may turn the last error into a
   * value; `repeated` says that an attempt of unknown outcome came before.
   */
  async run<T>(
    call: Call,
    take: (response: HttpResponse) => Promise<T>,
    recover: (error: KubeApiError, repeated: boolean) => T | undefined = () => undefined,
  ): Promise<T> {
    const { clock, random } = this.#options;
    const what = `${call.method} ${call.path.split('?')[0]}`;
    const deadline = clock.monotonic() + (call.timeoutMs ?? CALL_TIMEOUT_MS);
    let repeated = false;
    let refused = false;
    for (let attempts = 1; ; attempts++) {
      try {
        return await this.#attempt(what, call, deadline, refused, take);
      } catch (thrown) {
        const error = asFailure(what, thrown);
        // A token may have been rotated a moment ago: read it again, once.
        const renew: boolean = isUnauthorized(error) && !refused;
        refused ||= renew;
        const remainingMs = deadline - clock.monotonic();
        const question = { error, repeatable: call.repeatable, attempts, remainingMs };
        const delay = renew ? 0 : call.retry === false ? undefined : retryDelay(question, random);
        if (delay === undefined) {
          const recovered = recover(error, repeated);
          if (recovered === undefined) throw error;
          return recovered;
        }
        repeated ||= error.maybeApplied;
        await clock.sleep(delay, call.signal).catch((cause) => Promise.reject(abortFailure(what, cause)));
      }
    }
  }

  async #attempt<T>(
    what: string,
    call: Call,
    deadline: number,
    refused: boolean,
    take: (response: HttpResponse) => Promise<T>,
  ): Promise<T> {
    const { clock, attemptTimeoutMs } = this.#options;
    const started = clock.monotonic();
    const time = Math.max(0, Math.min(attemptTimeoutMs, deadline - started));
    const limit = new AbortController();
    const giveUp = () => limit.abort(abortFailure(what, call.signal?.reason));
    const timer = clock.setTimeout(() => limit.abort(timeoutFailure(what, Math.round(time))), time);
    if (call.signal?.aborted) giveUp();
    else call.signal?.addEventListener('abort', giveUp, { once: true });
    let code = '<error>';
    try {
      const response = await this.#send(call, limit.signal, refused);
      code = String(response.status);
      if (response.status >= 400) throw statusFailure(what, await answerOf(response), clock.now());
      return await take(response);
    } catch (error) {
      throw limit.signal.aborted ? limit.signal.reason : error;
    } finally {
      clock.clearTimeout(timer);
      // A stream outlives its opening: its own signal ends it.
      if (!call.stream) call.signal?.removeEventListener('abort', giveUp);
      const durationMs = clock.monotonic() - started;
      this.#options.observe({ method: call.method, host: this.#host, code, durationMs });
    }
  }

  async #send(call: Call, signal: AbortSignal, refused: boolean): Promise<HttpResponse> {
    const { connection, transport, userAgent } = this.#options;
    const headers: Record<string, string> = {
      accept: 'application/json',
      'user-agent': userAgent,
      ...(await connection.headers(refused)),
    };
    if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json';
    const { method, path, body } = call;
    return transport.send({ method, path, headers, body, signal, stream: call.stream === true });
  }
}

async function answerOf(response: HttpResponse) {
  const header = response.headers['retry-after'];
  const retryAfter = Array.isArray(header) ? header[0] : header;
  return { status: response.status, retryAfter, text: await response.body.text() };
}

function asFailure(what: string, error: unknown): KubeApiError {
  return error instanceof KubeApiError ? error : transportFailure(what, error);
}
