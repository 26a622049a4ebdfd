import { type Clock, type Logger, MotifError, type ReadinessChecks } from '@motif/kit';
import { type Informer, resourceName } from '@motif/kube';
import { LeadershipLostError } from './errors.ts';
import type { LeaderElector } from './leader.ts';
import type { RuntimeMetrics } from './metrics.ts';
import { ControllerRunner } from './runner.ts';
import type { Controller } from './types.ts';

export interface ManagerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RuntimeMetrics;
  /** Makes the id of a pass: `crypto.randomUUID`. */
  readonly newId: () => string;
  /** Absent: this process acts without a lease (tests, a single replica). */
  readonly elector?: LeaderElector | undefined;
  /** Time (ms) for passes to end at shutdown. Default: 30,000. */
  readonly drainMs?: number;
  /** Time (ms) for the first lists. Default: 120,000. */
  readonly syncMs?: number;
  /** Pause (ms) between resyncs. Default: 10 h, as controller-runtime; a tenth more or less is left to the caller. */
  readonly resyncMs?: number;
}

/** The first lists did not come in time. */
export class SyncTimeoutError extends MotifError {
  constructor(missing: readonly string[], syncMs: number) {
    super('SyncTimeout', `no complete list of ${missing.join(', ')} within ${syncMs} ms`);
  }
}

const DRAIN_MS = 30_000;
const SYNC_MS = 120_000;
const RESYNC_MS = 10 * 3_600_000;

/**
 * Runs controllers: caches first (on standbys too, so that a take-over is quick), then the lease, then the workers.
 *
 * Guarantees: no pass runs without the lease. Once the lease is lost every pass is broken off and `run` rejects with `LeadershipLostError`: the process
 * must end, for what was in flight is unknown. At a clean stop no new pass starts, those that run have `drainMs` to end, and then the lease is given
 * back.
 */
export class Manager {
  readonly #options: ManagerOptions;
  readonly #runners: ControllerRunner[] = [];
  readonly #informers = new Set<Informer>();
  #started = false;

  constructor(options: ManagerOptions) {
    this.#options = options;
  }

  /** Adds a controller and its informers; before `run`. */
  add(controller: Controller): void {
    if (this.#started) throw new TypeError(`${controller.name}: controllers are added before the manager runs`);
    const { clock, logger, metrics, newId } = this.#options;
    this.#runners.push(new ControllerRunner({ controller, clock, logger, metrics, newId }));
    for (const { informer } of controller.watches) this.addInformer(informer);
  }

  /** Adds an informer that a controller reads without being woken by it. */
  addInformer(informer: Informer): void {
    if (this.#started)
      throw new TypeError(`${resourceName(informer.resource)}: informers are added before the manager runs`);
    this.#informers.add(informer);
    this.#options.metrics.watching(resourceName(informer.resource));
  }

  /** For `/readyz`: the caches are filled. A standby is ready too, or a roll-out would wait for it in vain. */
  readonly readiness: ReadinessChecks = {
    caches: () => {
      const missing = this.#missing();
      return missing.length === 0
        ? { ok: true }
        : { ok: false, reason: `no complete list yet of ${missing.join(', ')}` };
    },
  };

  /**
   * Runs until the signal fires and all has ended. Rejects with `LeadershipLostError` or `SyncTimeoutError`; the caller then exits with a
   * code other than 0.
   */
  async run(signal: AbortSignal): Promise<void> {
    this.#started = true;
    const caches = new AbortController();
    const running = [...this.#informers].map((informer) => informer.run(caches.signal));
    try {
      await this.#sync(signal);
      await this.#lead(signal);
    } catch (error) {
      // A stop while waiting for caches or the lease is a clean stop.
      if (!signal.aborted || error instanceof LeadershipLostError) throw error;
    } finally {
      caches.abort();
      await Promise.all(running);
    }
  }

  async #sync(signal: AbortSignal): Promise<void> {
    const { clock, syncMs = SYNC_MS } = this.#options;
    const limit = new AbortController();
    const timer = clock.setTimeout(() => limit.abort(new SyncTimeoutError(this.#missing(), syncMs)), syncMs);
    try {
      const either = AbortSignal.any([signal, limit.signal]);
      await Promise.all([...this.#informers].map((informer) => informer.waitForSync(either)));
    } finally {
      clock.clearTimeout(timer);
    }
    this.#options.logger.info('Caches filled', {
      objects: [...this.#informers].reduce((sum, one) => sum + one.store.size, 0),
    });
  }

  async #lead(signal: AbortSignal): Promise<void> {
    const { elector } = this.#options;
    if (elector === undefined) return this.#work(signal, new AbortController().signal);
    await elector.acquire(signal);
    // The lease is renewed until the last pass has ended, and given back only then.
    const ended = new AbortController();
    const holding = elector.hold(ended.signal);
    const work = this.#work(signal, elector.lost).finally(() => ended.abort());
    await Promise.all([holding, work]);
    await elector.release();
  }

  /** Runs the workers until `signal` (drain) or `lost` (break off). */
  async #work(signal: AbortSignal, lost: AbortSignal): Promise<void> {
    const { clock, logger, drainMs = DRAIN_MS, resyncMs = RESYNC_MS } = this.#options;
    const passes = new AbortController();
    const stops = this.#runners.map((runner) => runner.subscribe());
    const working = Promise.all(this.#runners.map((runner) => runner.run(passes.signal)));
    const resyncing = this.#resync(resyncMs, AbortSignal.any([signal, lost, passes.signal]));
    await anyOf(signal, lost);
    for (const stop of stops) stop();
    for (const runner of this.#runners) runner.queue.close();
    if (lost.aborted) passes.abort(lost.reason);
    const breakOff = () => {
      logger.warn('Passes broken off at shutdown', { drainMs });
      passes.abort(signal.reason);
    };
    const timer = clock.setTimeout(breakOff, drainMs);
    const onLost = () => passes.abort(lost.reason);
    lost.addEventListener('abort', onLost, { once: true });
    // A lost lease is not waited for: the process ends while a pass that heeds no signal may still run.
    await Promise.race([working, whenAborted(lost)]);
    clock.clearTimeout(timer);
    lost.removeEventListener('abort', onLost);
    passes.abort();
    await resyncing;
  }

  async #resync(everyMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(everyMs, signal).catch(() => {});
      if (!signal.aborted) for (const informer of this.#informers) informer.resync();
    }
  }

  #missing(): string[] {
    return [...this.#informers].filter((one) => !one.synced).map((one) => resourceName(one.resource));
  }
}

function anyOf(...signals: AbortSignal[]): Promise<void> {
  return whenAborted(AbortSignal.any(signals));
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
