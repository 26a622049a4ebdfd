import { type Clock, errorCode, errorMessage, type Logger } from '@motif/kit';
import { isConflict } from '@motif/kube';
import { PassTimeoutError, TerminalError } from './errors.ts';
import type { ControllerMetrics, PassResult, RuntimeMetrics } from './metrics.ts';
import type { Controller, PassContext, ReconcileResult } from './types.ts';
import { type WorkItem, WorkQueue } from './work-queue.ts';

export interface RunnerOptions {
  readonly controller: Controller;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RuntimeMetrics;
  /** Makes the id of a pass. */
  readonly newId: () => string;
}

const DEFAULT_WORKERS = 4;
const DEFAULT_PASS_TIMEOUT_MS = 60_000;

/** Turns events of a controller's watches into keys, and keys into passes. */
export class ControllerRunner {
  readonly controller: Controller;
  readonly queue: WorkQueue;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #newId: () => string;
  readonly #metrics: ControllerMetrics;
  readonly #workers: number;

  constructor(options: RunnerOptions) {
    const { controller, clock, metrics } = options;
    this.controller = controller;
    this.#clock = clock;
    this.#newId = options.newId;
    this.#logger = options.logger.child({ controller: controller.name });
    this.#workers = controller.workers ?? DEFAULT_WORKERS;
    const active = () => this.queue.activeSince;
    this.#metrics = metrics.controller(controller.name, this.#workers, active, () => clock.monotonic());
    this.queue = new WorkQueue({ clock, observer: this.#metrics.queue });
  }

  /** Fills the queue from the watches, now and with each change. The result stops it. */
  subscribe(): () => void {
    const stops = this.controller.watches.map(({ informer, keys }) =>
      informer.subscribe((event) => {
        const priority = event.initial && event.type !== 'deleted' ? 'low' : 'normal';
        for (const key of keys(event)) this.queue.add(key, { priority });
      }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Works until the queue is closed and the passes that run have ended. `signal` reaches every pass. */
  async run(signal: AbortSignal): Promise<void> {
    const work = async () => {
      for (let item = await this.queue.take(); item !== undefined; item = await this.queue.take()) {
        await this.#pass(item, signal);
      }
    };
    await Promise.all(Array.from({ length: this.#workers }, work));
  }

  async #pass(item: WorkItem, signal: AbortSignal): Promise<void> {
    const { key } = item;
    const passId = this.#newId();
    const logger = this.#logger.child({ key, passId });
    const started = this.#clock.monotonic();
    this.#metrics.passStarted();
    let result: PassResult = 'error';
    try {
      const context = { passId, logger, failures: this.queue.failures(key) };
      result = this.#settle(item, await this.#reconcile(key, context, signal));
    } catch (error) {
      this.#fail(item, error, logger, signal);
    } finally {
      const durationMs = this.#clock.monotonic() - started;
      this.#metrics.passEnded(result, durationMs);
      logger.debug('Pass ended', { result, durationMs: Math.round(durationMs) });
      this.queue.done(key);
    }
  }

  /** Runs one pass under its deadline; a pass that does not heed its signal is left behind, and its key stays with it until it ends. */
  async #reconcile(key: string, context: Omit<PassContext, 'signal'>, signal: AbortSignal): Promise<ReconcileResult> {
    const timeoutMs = this.controller.passTimeoutMs ?? DEFAULT_PASS_TIMEOUT_MS;
    const deadline = new AbortController();
    const late = new PassTimeoutError(this.controller.name, key, timeoutMs);
    const timer = this.#clock.setTimeout(() => {
      this.#metrics.timedOut();
      context.logger.warn('A pass is over its time', { timeoutMs });
      deadline.abort(late);
    }, timeoutMs);
    try {
      return await this.controller.reconcile(key, { ...context, signal: AbortSignal.any([signal, deadline.signal]) });
    } catch (error) {
      if (deadline.signal.aborted) throw Object.assign(late, { cause: error });
      throw error;
    } finally {
      this.#clock.clearTimeout(timer);
    }
  }

  #settle({ key }: WorkItem, { requeueAfterMs }: ReconcileResult): PassResult {
    this.queue.forget(key);
    if (requeueAfterMs === undefined) return 'success';
    this.queue.add(key, { afterMs: requeueAfterMs });
    return 'requeue_after';
  }

  #fail({ key, priority }: WorkItem, error: unknown, logger: Logger, signal: AbortSignal): void {
    // At shutdown or after the loss of leadership a pass is broken off on purpose.
    if (signal.aborted) {
      logger.info('Pass broken off');
      return;
    }
    const fields = { error: errorMessage(error), code: errorCode(error) };
    if (error instanceof TerminalError) {
      this.#metrics.terminalError();
      this.queue.forget(key);
      logger.error('Pass failed for good', fields);
      return;
    }
    const panic = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
    if (panic) this.#metrics.panic();
    const retryMs = this.queue.retry(key, priority);
    // A conflict is how the API server tells of a cache that is behind: the next pass sees more.
    if (isConflict(error)) {
      logger.info('Pass met a conflict', { ...fields, retryMs });
      return;
    }
    const stack = panic ? { stack: (error as Error).stack } : {};
    logger.error('Pass failed', { ...fields, ...stack, retryMs });
  }
}
