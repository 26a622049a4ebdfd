import { createRendezvous, NO_HASH_TAG, type RedisTopology, type TopologyShard } from '@motif/api';
import { parseDuration } from '@motif/kit';
import type { Address } from '../io/dial.ts';
import type { Runtime } from '../io/runtime.ts';
import type { HotKeys } from '../load/hot-keys.ts';
import type { RedisProxy } from './proxy.ts';
import type { ClientAccount, Routing } from './routing.ts';
import type { Credentials } from './upstream/handshake.ts';
import { Health, type Introduction } from './upstream/health.ts';
import { Shard, type ShardOptions } from './upstream/shard.ts';
import type { ShardStats } from './upstream/stats.ts';

/** The longest wait between probes of a dead shard. */
const MAX_RETRY_MS = 60_000;
/** How long a shard that left the topology may still answer what is in flight. */
const FAREWELL_MS = 30_000;

export interface FleetOptions {
  readonly runtime: Runtime;
  /** The secret in a file, a character a byte. */
  readonly secret: (file: string) => string | undefined;
  readonly stats: (shard: string) => ShardStats;
  /** What a shard said about itself. */
  readonly introduced: (introduction: Introduction) => void;
  /** A shard was ejected, or is back. */
  readonly changed: () => void;
  /** None: nobody looks for hot keys. */
  readonly hotKeys?: HotKeys | undefined;
}

/** The shards of the topology in force. Shards that stay keep their connections, whatever else changes. */
export class Fleet {
  readonly #options: FleetOptions;
  #shards = new Map<string, Health>();
  #leaving: { readonly shard: Shard; readonly until: number }[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  get shards(): Shard[] {
    return [...this.#shards.values()].map(({ shard }) => shard);
  }

  /** What clients are to go by from now on. */
  apply(topology: RedisTopology): Routing {
    const options = shardOptions(topology);
    const before = this.#shards;
    this.#shards = new Map(topology.shards.map((one) => [identity(one), this.#keep(one, options, before, topology)]));
    for (const { shard } of before.values()) this.#leave(shard);
    return this.#routing(topology);
  }

  /** Called every few milliseconds: time-outs, health, probes. */
  tick(now: number): void {
    for (const health of this.#shards.values()) {
      health.shard.sweep(now);
      health.tick(now);
    }
    for (const { shard, until } of this.#leaving) {
      shard.sweep(now);
      if (now > until) shard.close('it left the topology');
    }
    this.#leaving = this.#leaving.filter(({ shard }) => shard.connections.size > 0);
  }

  /** New credentials: new connections use them, those there are go when they are idle. */
  reauthenticate(): void {
    for (const { shard } of this.#shards.values()) shard.retire();
  }

  close(): void {
    for (const { shard } of this.#shards.values()) shard.close('the proxy ends');
    for (const { shard } of this.#leaving) shard.close('the proxy ends');
  }

  #keep(one: TopologyShard, options: ShardOptions, before: Map<string, Health>, topology: RedisTopology): Health {
    const address = addressOf(one);
    const present = before.get(identity(one));
    if (present === undefined) return this.#join(one, address, options, topology);
    before.delete(identity(one));
    const { shard } = present;
    if (!sameAddress(shard.address, address)) shard.move(address);
    shard.reconfigure(options);
    shard.credentials = this.#credentials(topology);
    return present;
  }

  #join(one: TopologyShard, address: Address, options: ShardOptions, topology: RedisTopology): Health {
    const { runtime, stats, introduced, changed } = this.#options;
    const shard = new Shard(one.name, address, options, runtime, stats(one.name), this.#credentials(topology));
    shard.onChange = changed;
    return new Health(shard, introduced);
  }

  #credentials({ auth }: RedisTopology): () => Credentials {
    const { secret } = this.#options;
    return () => ({
      username: auth?.username ? secret('auth-username') : undefined,
      password: auth?.password ? secret('auth-password') : undefined,
    });
  }

  #leave(shard: Shard): void {
    shard.retire();
    this.#leaving.push({ shard, until: this.#options.runtime.now() + FAREWELL_MS });
  }

  #routing(topology: RedisTopology): Routing {
    const { sharding, failure, redis } = topology;
    const shards = this.shards;
    const rehash = failure.onDeadShard === 'Rehash';
    const { hotKeys: keys } = this.#options;
    return {
      service: topology.service,
      epoch: topology.epoch,
      shards,
      locator: createRendezvous(topology.shards),
      hashTag:
        sharding.hashTag === NO_HASH_TAG
          ? undefined
          : { open: sharding.hashTag.charCodeAt(0), close: sharding.hashTag.charCodeAt(1) },
      rehash,
      excluded: Uint8Array.from(shards, ({ circuit }) => (circuit.open ? 1 : 0)),
      splitMultiKey: redis.multiKey === 'Split',
      wholeFails: redis.partial === 'Whole',
      adminAllowed: redis.admin === 'Allow',
      hotKeys: keys && { keys, tags: shards.map(({ name }) => keys.tagOf(name)) },
      accounts: (topology.clientAuth ?? []).map(({ username, passwordFile }): ClientAccount => {
        // Texts of commands are latin1 here, a character a byte.
        const name = Buffer.from(username, 'utf8').toString('latin1');
        return { username: name, password: () => this.#options.secret(passwordFile) };
      }),
    };
  }
}

/** Marks ejected shards in the routing that is in force. */
export function updateExcluded(proxy: RedisProxy): void {
  const { routing } = proxy;
  routing.shards.forEach((shard, index) => {
    routing.excluded[index] = shard.circuit.open ? 1 : 0;
  });
}

/** Other settings of sharding or authentication make another shard of it: nothing of the old one is taken over. */
function identity(shard: TopologyShard): string {
  return `${shard.name} ${shard.hashName}`;
}

function addressOf({ name, endpoints }: TopologyShard): Address {
  const endpoint = endpoints[0];
  // Without any pod there is no address: a name that never resolves makes each dial fail with a reason.
  return endpoint === undefined
    ? { ip: undefined, host: `${name}.invalid`, port: 1 }
    : { ip: endpoint.ip, host: endpoint.host, port: endpoint.port };
}

function sameAddress(a: Address, b: Address): boolean {
  return a.ip === b.ip && a.host === b.host && a.port === b.port;
}

function shardOptions({ failure }: RedisTopology): ShardOptions {
  return {
    timeoutMs: parseDuration(failure.timeout),
    ejectAfter: failure.ejectAfter,
    retryAfterMs: parseDuration(failure.retryAfter),
    maxRetryMs: MAX_RETRY_MS,
    flushOnReturn: failure.onDeadShard === 'Rehash' && failure.onReturn === 'Flush',
  };
}
