import { backoffDelay, type Clock, type Counter, type Logger, type Random, type TimerHandle } from '@motif/kit';
import { encodeSpans } from './encode.ts';
import type { Span } from './span.ts';

/** The outcome of one delivery. */
export type Delivery =
  | { readonly result: 'ok' /** Spans that the collector refused. */; readonly rejected: number }
  | { readonly result: 'refused'; readonly reason: string }
  | { readonly result: 'retry'; readonly reason: string /** As `Retry-After` asked. */; readonly afterMs?: number };

/** Sends one batch. It never throws, and ends by itself. */
export type Deliver = (body: string) => Promise<Delivery>;

export interface SpanExporterOptions {
  readonly deliver: Deliver;
  readonly resource: Readonly<Record<string, string>>;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Spans by what became of them: `result` is exported, dropped (no room) or failed (the collector did not take them). */
  readonly counter: Counter<'result'>;
}

/** Spans that wait at most; as OTEL_BSP_MAX_QUEUE_SIZE. */
const MOST_WAITING = 2048;
/** Spans in one delivery; as OTEL_BSP_MAX_EXPORT_BATCH_SIZE. */
const BATCH = 512;
/** How long a span waits for others; as OTEL_BSP_SCHEDULE_DELAY. */
const DELAY_MS = 5000;
/** A batch is offered this often before it is given up. */
const MOST_ATTEMPTS = 5;
const BACKOFF = { baseMs: 1000, capMs: 16_000 };
const LONGEST_WAIT_MS = 60_000;

/**
 * Sends spans to a collector in batches, one delivery at a time. Bounded: what finds no room is dropped and counted, so that a
 * collector that is slow or gone costs neither memory nor requests.
 */
export class SpanExporter {
  readonly #options: SpanExporterOptions;
  #waiting: Span[] = [];
  #timer: TimerHandle | undefined;
  #sending: Promise<void> | undefined;
  #closing = new AbortController();
  #failing = false;

  constructor(options: SpanExporterOptions) {
    this.#options = options;
    for (const result of ['exported', 'dropped', 'failed']) options.counter.inc({ result }, 0);
  }

  /** Takes a span that has ended. */
  add(span: Span): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#options.counter.inc({ result: 'dropped' });
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= BATCH) this.#send();
    else this.#timer ??= this.#options.clock.setTimeout(() => this.#send(), DELAY_MS);
  }

  /** Sends what is left, without further attempts; it ends when that is done. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('closing'));
    do {
      this.#send();
      await this.#sending;
    } while (this.#waiting.length > 0);
  }

  #send(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending !== undefined || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, BATCH);
    this.#sending = this.#deliver(batch).finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length >= BATCH) this.#send();
      else if (this.#waiting.length > 0) this.#timer ??= this.#options.clock.setTimeout(() => this.#send(), DELAY_MS);
    });
  }

  async #deliver(batch: readonly Span[]): Promise<void> {
    const { deliver, resource, version, counter } = this.#options;
    const body = encodeSpans(batch, resource, version);
    for (let attempt = 1; ; attempt++) {
      const delivery = await deliver(body);
      if (delivery.result === 'ok') {
        counter.inc({ result: 'exported' }, batch.length - delivery.rejected);
        counter.inc({ result: 'failed' }, delivery.rejected);
        this.#told(delivery.rejected === 0 ? '' : `${delivery.rejected} spans were rejected`);
        return;
      }
      const last = delivery.result === 'refused' || attempt === MOST_ATTEMPTS || this.#closing.signal.aborted;
      if (last || !(await this.#pause(attempt, delivery.afterMs))) {
        counter.inc({ result: 'failed' }, batch.length);
        this.#told(delivery.reason);
        return;
      }
    }
  }

  /** @returns false when the exporter is closing: nothing is waited for any more */
  async #pause(attempt: number, afterMs: number | undefined): Promise<boolean> {
    const { clock, random } = this.#options;
    const ms = Math.min(afterMs ?? backoffDelay(attempt - 1, BACKOFF, random), LONGEST_WAIT_MS);
    try {
      await clock.sleep(ms, this.#closing.signal);
      return true;
    } catch {
      return false;
    }
  }

  /** One line when it begins to fail and one when it is well again. */
  #told(reason: string): void {
    const failing = reason !== '';
    if (failing === this.#failing) return;
    this.#failing = failing;
    if (failing) this.#options.logger.warn('spans cannot be exported', { reason });
    else this.#options.logger.info('spans are exported again');
  }
}
