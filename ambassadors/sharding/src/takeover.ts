import type { ShardedTopology } from '@motif/api';
import { type CheckResult, errorCode, errorMessage, type Logger } from '@motif/kit';
import { listenOf } from './listen.ts';
import type { Listen, MakeProxy, ShardingProxy } from './proxy.ts';

export interface TakeoverOptions {
  readonly listen: Listen | undefined;
  readonly make: MakeProxy;
  readonly logger: Logger;
  /** What only a restart can mend, such as an address that is taken. */
  readonly fail: (error: unknown) => void;
}

/**
 * Brings topologies into force, one after the other, in the order in which they come. The first decides the protocol; one that cannot be used is
 * refused, what is in force stays, and the process is not ready until one comes that can.
 */
export class Takeover {
  readonly #options: TakeoverOptions;
  #proxy: ShardingProxy | undefined;
  #protocol: ShardedTopology['protocol'] | undefined;
  #refused: string | undefined;
  #last = Promise.resolve();

  constructor(options: TakeoverOptions) {
    this.#options = options;
  }

  get proxy(): ShardingProxy | undefined {
    return this.#proxy;
  }

  /** @returns when it is in force, or refused */
  offer(topology: ShardedTopology): Promise<void> {
    this.#last = this.#last.then(() => this.#take(topology)).catch(this.#options.fail);
    return this.#last;
  }

  /** For `/readyz`. */
  readonly check = (): CheckResult => {
    if (this.#refused !== undefined) return { ok: false, reason: this.#refused };
    return this.#proxy?.check() ?? { ok: false, reason: 'no topology yet' };
  };

  async #take(topology: ShardedTopology): Promise<void> {
    const { protocol, port } = topology;
    if (this.#protocol !== undefined && this.#protocol !== protocol) {
      const reason = `its protocol is ${protocol}, and this proxy speaks ${this.#protocol} since it started: restart it`;
      this.#refuse(topology, reason);
      return;
    }
    this.#proxy ??= await this.#options.make(topology, listenOf(this.#options.listen, port));
    this.#protocol = protocol;
    try {
      await this.#proxy.apply(topology);
      this.#refused = undefined;
    } catch (error) {
      if (errorCode(error) !== 'KeyRefused') throw error;
      this.#refuse(topology, errorMessage(error));
    }
  }

  #refuse({ service, epoch }: ShardedTopology, reason: string): void {
    this.#refused = `${service} epoch ${epoch} is refused: ${reason}`;
    this.#options.logger.error('topology refused', { service, epoch, reason });
  }
}
