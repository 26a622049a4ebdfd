import { type Clock, errorMessage, type Logger, type Random } from '@motif/kit';
import { isAlreadyExists, isConflict, isNotFound, type KubeClient, type KubeObject, resources } from '@motif/kube';
import { LeadershipLostError } from './errors.ts';

/** The times of a lease; `renewDeadlineMs` < `leaseMs`, `retryMs` < `renewDeadlineMs`. */
export interface LeaseTimes {
  /** A candidate takes a lease over when it has not seen it change for this long. Default: 15,000. */
  readonly leaseMs: number;
  /** The leader stops acting when its last renewal began this long ago. Default: 10,000. */
  readonly renewDeadlineMs: number;
  /** Between attempts. Default: 2,000. */
  readonly retryMs: number;
}

export const LEASE_TIMES: LeaseTimes = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };

export interface LeaderElectorOptions {
  /** A client of its own: renewals must not wait behind other calls. */
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly namespace: string;
  /** Name of the Lease. */
  readonly name: string;
  /** Names this process, unlike every other, also unlike an earlier one of the same pod. */
  readonly identity: string;
  readonly times?: Partial<LeaseTimes>;
  readonly onChange?: (leads: boolean) => void;
}

interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string | null;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

/**
 * Competes for a Lease.
 *
 * Guarantees: `leads` is false from `renewDeadlineMs` after the *beginning* of the last successful renewal on, whether or not a timer has fired:
 * it asks the monotonic clock each time, so that a process that was stopped and goes on does not act. No candidate takes over before it has seen
 * the lease unchanged for `leaseMs` on its own monotonic clock. Wall clocks play no part.
 * Assumptions: no clock runs faster than another by more than leaseMs / renewDeadlineMs (1.5). A write that was sent before the process was
 * stopped may arrive later; conflicts and uids make such a write harmless.
 */
export class LeaderElector {
  readonly #options: LeaderElectorOptions;
  readonly #times: LeaseTimes;
  readonly #lost = new AbortController();
  /** The lease as last seen, and when (monotonic) it was first seen so. */
  #seen: { version: string; at: number } | undefined;
  #lease: Lease | undefined;
  /** Monotonic time until which we lead. */
  #leadsUntil = Number.NEGATIVE_INFINITY;
  #held = false;

  constructor(options: LeaderElectorOptions) {
    const times = { ...LEASE_TIMES, ...options.times };
    if (!(times.retryMs < times.renewDeadlineMs && times.renewDeadlineMs < times.leaseMs)) {
      throw new TypeError(
        `lease times must grow: retry ${times.retryMs} < renew ${times.renewDeadlineMs} < lease ${times.leaseMs} ms`,
      );
    }
    this.#options = options;
    this.#times = times;
  }

  /** Whether this process may act, at this moment. */
  get leads(): boolean {
    return this.#held && this.#options.clock.monotonic() < this.#leadsUntil;
  }

  /** Fires when leadership that was held is lost; never when it was given back. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Resolves when this process leads; rejects when the signal fires before. */
  async acquire(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (await this.#try(signal)) break;
      await this.#pause(signal);
    }
    this.#held = true;
    this.#options.logger.info('Became the leader', { identity: this.#options.identity });
    this.#options.onChange?.(true);
  }

  /** Renews until the signal fires (then the lease is left as it is, for `release`), or rejects with `LeadershipLostError`. */
  async hold(signal: AbortSignal): Promise<void> {
    const watch = this.#watchDeadline();
    try {
      while (!signal.aborted && !this.#lost.signal.aborted) {
        await this.#pause(AbortSignal.any([signal, this.#lost.signal])).catch(() => {});
        if (signal.aborted || !this.leads) break;
        await this.#try(signal);
      }
    } finally {
      watch.stop();
    }
    if (signal.aborted) return;
    this.#lose('the lease could not be renewed in time');
    throw this.#lost.signal.reason;
  }

  /** Gives the lease back, so that another need not wait for its end. Call it when nothing acts any more. */
  async release(): Promise<void> {
    if (!this.#held || this.#lost.signal.aborted) return;
    this.#held = false;
    this.#options.onChange?.(false);
    const lease = this.#lease;
    if (lease === undefined) return;
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
    try {
      await this.#options.client.replace(resources.leases, { ...lease, spec }, { timeoutMs: this.#times.retryMs });
      this.#options.logger.info('Released the lease');
    } catch (error) {
      this.#options.logger.warn('The lease could not be released', { error: errorMessage(error) });
    }
  }

  /** One attempt to get or renew the lease; false when another has it or the API server did not answer. */
  async #try(signal: AbortSignal): Promise<boolean> {
    const { clock, logger, identity } = this.#options;
    const began = clock.monotonic();
    try {
      const lease = await this.#claim(signal);
      if (lease === undefined) return false;
      this.#note(lease);
      // The promise to others counts from before the call: they see the renewal no earlier.
      this.#leadsUntil = began + this.#times.renewDeadlineMs;
      return true;
    } catch (error) {
      // A conflict or AlreadyExists: another was faster. What we remember of the lease is old either way.
      this.#lease = undefined;
      const raced = isConflict(error) || isAlreadyExists(error);
      if (!signal.aborted)
        logger[raced ? 'debug' : 'warn']('The lease was not obtained', { identity, error: errorMessage(error) });
      return false;
    }
  }

  async #claim(signal: AbortSignal): Promise<Lease | undefined> {
    const { client, clock, identity } = this.#options;
    const call = { signal, timeoutMs: this.#times.renewDeadlineMs / 2 };
    const current = this.#lease ?? (await this.#read(call));
    if (current === undefined) return await client.create<Lease>(resources.leases, this.#toLease(undefined), call);
    this.#note(current);
    const ours = current.spec?.holderIdentity === identity;
    const unchangedMs = clock.monotonic() - (this.#seen?.at ?? 0);
    const holder = current.spec?.holderIdentity ?? '';
    if (!ours && holder !== '' && unchangedMs < this.#times.leaseMs) {
      // Not ours: what we know of it must be read anew next time.
      this.#lease = undefined;
      return undefined;
    }
    // A lease of ours that outlived its deadline (a pause, a lost answer) is not simply renewed while we hold it: `hold` has ended by then.
    return await client.replace<Lease>(resources.leases, this.#toLease(current), call);
  }

  async #read(call: { signal: AbortSignal; timeoutMs: number }): Promise<Lease | undefined> {
    const { client, namespace, name } = this.#options;
    try {
      return await client.get<Lease>(resources.leases, { namespace, name }, call);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Remembers a lease and since when it looks so. */
  #note(lease: Lease): void {
    this.#lease = lease;
    const version = lease.metadata.resourceVersion ?? '';
    if (this.#seen?.version !== version) this.#seen = { version, at: this.#options.clock.monotonic() };
  }

  #toLease(current: Lease | undefined): Lease {
    const { clock, identity, namespace, name } = this.#options;
    const now = new Date(clock.now()).toISOString().replace('Z', '000Z');
    const ours = current?.spec?.holderIdentity === identity;
    const transitions = current?.spec?.leaseTransitions ?? 0;
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: current?.metadata ?? { name, namespace },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(this.#times.leaseMs / 1000),
        acquireTime: (ours ? current?.spec?.acquireTime : undefined) ?? now,
        renewTime: now,
        leaseTransitions: ours || current === undefined ? transitions : transitions + 1,
      },
    };
  }

  /** Tells of the loss at the deadline itself, not when the next attempt comes back. */
  #watchDeadline(): { stop(): void } {
    const { clock } = this.#options;
    let timer: object;
    const arm = () => {
      timer = clock.setTimeout(
        () => (this.#held && !this.leads ? this.#lose('the lease could not be renewed in time') : arm()),
        Math.max(1, this.#leadsUntil - clock.monotonic()),
      );
    };
    arm();
    return { stop: () => clock.clearTimeout(timer) };
  }

  #lose(why: string): void {
    if (this.#lost.signal.aborted) return;
    this.#held = false;
    this.#options.logger.error('Lost the leadership', { why });
    this.#options.onChange?.(false);
    this.#lost.abort(new LeadershipLostError(why));
  }

  /** Attempts are spread by up to a fifth, so that candidates do not come in step. */
  #pause(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    return clock.sleep(this.#times.retryMs * (1 + 0.2 * random()), signal);
  }
}
