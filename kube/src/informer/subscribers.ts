import { errorMessage, type Logger } from '@motif/kit';
import type { KubeObject } from '../object.ts';
import type { StoreEvent } from '../store/types.ts';
import type { InformerObserver } from './types.ts';

type Handler<T extends KubeObject> = (event: StoreEvent<T>) => void;

/** Hands events on; a handler that throws hurts neither the informer nor the other handlers. */
export class Subscribers<T extends KubeObject> {
  readonly #handlers = new Set<Handler<T>>();
  readonly #waiting = new Set<() => void>();
  readonly #logger: Logger;
  readonly #observer: InformerObserver | undefined;

  constructor(logger: Logger, observer: InformerObserver | undefined) {
    this.#logger = logger;
    this.#observer = observer;
  }

  add(handler: Handler<T>, past: readonly StoreEvent<T>[]): () => void {
    for (const event of past) this.#call(handler, event);
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  publish(events: readonly StoreEvent<T>[]): void {
    for (const event of events) for (const handler of this.#handlers) this.#call(handler, event);
  }

  synced(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  whenSynced(isSynced: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (isSynced()) return resolve();
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#waiting.delete(done);
        reject(signal.reason);
      };
      const done = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #call(handler: Handler<T>, event: StoreEvent<T>): void {
    try {
      handler(event);
    } catch (error) {
      this.#observer?.handlerFailed();
      this.#logger.error('A handler of changes failed', { event: event.type, error: errorMessage(error) });
    }
  }
}
