import { type Clock, errorMessage } from '@motif/kit';
import type { WatchEvent } from '../client/types.ts';
import { isGone, isNotFound, KubeApiError, WatchProtocolError } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import type { Failure } from '../watch/machine.ts';

/** One watch connection: ended by the server, by its own deadline, or by us. */
export class OpenStream<T extends KubeObject> {
  readonly #own = new AbortController();
  readonly #parent: AbortSignal;
  readonly #onParent = () => this.close();
  #events: AsyncIterator<WatchEvent<T>> | undefined;
  #stopTimer = () => {};
  #abandoned = false;

  constructor(parent: AbortSignal) {
    this.#parent = parent;
    if (parent.aborted) this.close();
    else parent.addEventListener('abort', this.#onParent, { once: true });
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  /** Whether we gave it up ourselves, so that its error means nothing. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  start(events: AsyncIterable<WatchEvent<T>>, clock: Clock, deadlineMs: number): void {
    this.#events = events[Symbol.asyncIterator]();
    const timer = clock.setTimeout(() => this.#own.abort(new SilentWatch(deadlineMs)), deadlineMs);
    this.#stopTimer = () => clock.clearTimeout(timer);
  }

  async next(): Promise<WatchEvent<T> | undefined> {
    try {
      const result = await this.#events?.next();
      return result?.done === false ? result.value : undefined;
    } catch (error) {
      throw this.#own.signal.reason instanceof SilentWatch ? this.#own.signal.reason : error;
    }
  }

  close(): void {
    this.#abandoned = true;
    this.#stopTimer();
    this.#parent.removeEventListener('abort', this.#onParent);
    this.#own.abort();
  }
}

class SilentWatch extends Error {
  constructor(deadlineMs: number) {
    super(`the watch did not end within ${deadlineMs} ms: its connection is half open`);
  }
}

/** What a failed list or watch means to the machine. */
export function failureOf(error: unknown): Failure {
  const message = errorMessage(error);
  if (error instanceof SilentWatch) return { kind: 'silent', message };
  if (error instanceof WatchProtocolError) return { kind: 'protocol', message };
  if (isGone(error)) return { kind: 'gone', message };
  if (isNotFound(error)) return { kind: 'notFound', message };
  return { kind: 'other', message, retryAfterMs: error instanceof KubeApiError ? error.retryAfterMs : undefined };
}
