import type { HttpTopology } from '@motif/api';
import { compileKey } from '@motif/api/expressions';
import { type CheckResult, type Clock, type Logger, MotifError } from '@motif/kit';
import type { HotKeys } from '../../load/hot-keys.ts';
import { GeoDatabase } from './geo-database.ts';
import { KeyRouter } from './router.ts';

export interface KeysOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Only the own pod can connect: every peer is the pod itself. */
  readonly local: boolean;
  /** Bytes of a body that `json:` may hold. */
  readonly jsonLimit: number;
  readonly hotKeys?: HotKeys | undefined;
}

/** A topology whose key cannot work where this proxy is. */
export class KeyRefusedError extends MotifError {
  constructor(message: string) {
    super('KeyRefused', message);
  }
}

/** What outlives a topology of how requests find their shards: the database of countries. */
export class Keys {
  readonly #options: KeysOptions;
  #geo: GeoDatabase | undefined;

  constructor(options: KeysOptions) {
    this.#options = options;
  }

  /**
   * How requests find their shards from now on. Waits until a database of countries has been looked for.
   * @throws KeyRefusedError when every request would have one key; what was in force stays
   */
  async apply(topology: HttpTopology): Promise<KeyRouter> {
    const { jsonLimit, hotKeys } = this.#options;
    this.#refuseBadKey(topology);
    const geo = this.#geoOf(topology);
    await geo?.firstLook;
    return new KeyRouter(topology, {
      jsonLimit,
      hotKeys,
      ...(geo === undefined ? {} : { countryOf: geo.countryOf, countriesKnown: () => geo.known }),
    });
  }

  /** For `/readyz`. */
  readonly check = (): CheckResult => this.#geo?.check() ?? { ok: true };

  close(): void {
    this.#geo?.close();
  }

  #refuseBadKey({ sharding: { key }, trustedProxies = [] }: HttpTopology): void {
    if (!this.#options.local || trustedProxies.length > 0 || !compileKey(key).peerOnly) return;
    throw new KeyRefusedError(
      `sharding.key is ${JSON.stringify(key)}: in an ambassador every request comes from the pod itself, so all would go to one shard; ` +
        'allowed is a key with another part, or trustedProxies whose X-Forwarded-For counts',
    );
  }

  #geoOf({ geoDatabase }: HttpTopology): GeoDatabase | undefined {
    const file = geoDatabase?.file;
    if (file === this.#geo?.file) return this.#geo;
    this.#geo?.close();
    const { logger, clock } = this.#options;
    this.#geo = file === undefined ? undefined : new GeoDatabase({ file, logger, clock });
    return this.#geo;
  }
}
