import type { ReadinessChecks } from '../admin/readiness.ts';
import type { AdminServer } from '../admin/server.ts';
import type { Clock } from '../clock/clock.ts';
import type { Logger } from '../log/logger.ts';
import { drainWithin } from './drain.ts';
import type { ProcessLike } from './process-like.ts';

/** A started container. */
export interface RunningContainer {
  /** Stops accepting and finishes what is in flight; the signal aborts when the time for it is over. */
  drain(deadline: AbortSignal): Promise<void>;
}

/** A process from the first signal to its exit. */
export class Life {
  readonly checks: ReadinessChecks;
  admin: AdminServer | undefined;
  readonly #process: ProcessLike;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #drainMs: number;
  #ending: 'SIGTERM' | 'SIGINT' | 'failure' | undefined;
  #running: RunningContainer | undefined;

  constructor(process: ProcessLike, logger: Logger, clock: Clock, drainMs: number) {
    this.#process = process;
    this.#logger = logger;
    this.#clock = clock;
    this.#drainMs = drainMs;
    this.checks = {
      process: () => {
        if (this.#ending !== undefined) return { ok: false, reason: `draining after ${this.#ending}` };
        return this.#running === undefined ? { ok: false, reason: 'starting' } : { ok: true };
      },
    };
    process.onSignal((signal, number) => this.#signalled(signal, number));
  }

  started(running: RunningContainer): void {
    this.#running = running;
    // A signal that came while the container was starting has waited for this.
    if (this.#ending !== undefined) void this.#end(this.#ending === 'failure' ? 1 : 0);
  }

  fail(error: unknown): void {
    this.#logger.error('ends because of an error', { error });
    if (this.#ending !== undefined) return;
    this.#ending = 'failure';
    void this.#end(1);
  }

  #signalled(signal: 'SIGTERM' | 'SIGINT', number: number): void {
    if (this.#ending !== undefined) {
      this.#logger.warn('ends at once at the second signal', { signal });
      this.#process.exit(128 + number);
      return;
    }
    this.#ending = signal;
    this.#logger.info('draining', { signal, timeoutMs: this.#drainMs });
    void this.#end(0);
  }

  async #end(code: number): Promise<void> {
    const running = this.#running;
    if (running === undefined) {
      // Nothing has been accepted yet: there is nothing to finish.
      this.#process.exit(code);
      return;
    }
    const outcome = await drainWithin((deadline) => running.drain(deadline), this.#drainMs, this.#clock);
    if (outcome.result === 'drained') this.#logger.info('drained');
    else this.#logger.warn('not everything in flight could be finished', outcome);
    await this.admin?.close();
    this.#process.exit(code);
  }
}
