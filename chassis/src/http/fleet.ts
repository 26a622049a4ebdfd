import type { HttpTopology, TopologyEndpoint, TopologyShard } from '@motif/api';
import { parseDuration } from '@motif/kit';
import type { Address } from '../io/dial.ts';
import type { ShardStats } from './observe/observed.ts';
import { Endpoint } from './upstream/endpoint.ts';
import type { UpstreamRuntime } from './upstream/runtime.ts';
import { Shard, type ShardOptions } from './upstream/shard.ts';

/** The longest wait between probes of a dead shard. */
const MAX_RETRY_MS = 60_000;
/** The longest time in which the traffic of a shard that is back grows to all of it. */
const MAX_RECOVER_MS = 10_000;
/** How long an ejected shard waits, once its probe is due, for a request that becomes the probe. */
const PROBE_MS = 500;

export interface FleetOptions {
  readonly runtime: UpstreamRuntime;
  readonly stats: (shard: string) => ShardStats;
}

/** The shards of the topology in force. Shards and endpoints that stay keep their connections, whatever else changes. */
export class Fleet {
  readonly #options: FleetOptions;
  #shards = new Map<string, Shard>();
  readonly #probing = new Set<Shard>();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  get shards(): Shard[] {
    return [...this.#shards.values()];
  }

  /** Takes over what the topology says about shards. */
  apply(topology: HttpTopology): Shard[] {
    const options = shardOptions(topology);
    const before = this.#shards;
    this.#shards = new Map(topology.shards.map((one) => [identity(one), this.#keep(one, options, before)]));
    // What is in flight there ends there.
    for (const shard of before.values()) shard.set([]);
    return this.shards;
  }

  /** Called every few milliseconds. */
  tick(now: number): void {
    for (const shard of this.#shards.values()) {
      shard.sweep(now);
      if (shard.circuit.open) {
        if (now > shard.circuit.probeAt + PROBE_MS) this.#probe(shard, now);
      } else if (!shard.serving) shard.knock(now);
    }
  }

  close(): void {
    for (const shard of this.#shards.values()) for (const endpoint of shard.endpoints) endpoint.close();
  }

  #keep(one: TopologyShard, options: ShardOptions, before: Map<string, Shard>): Shard {
    const { runtime, stats } = this.#options;
    const present = before.get(identity(one));
    before.delete(identity(one));
    const shard = present ?? new Shard(one.name, options, runtime, stats(one.name));
    shard.reconfigure(options);
    shard.stale = one.endpoints.length === 0 && shard.endpoints.length > 0;
    if (one.endpoints.length === 0) {
      const kept = shard.endpoints.map(({ name }) => name);
      runtime.logger.warn('the topology has no endpoints for a shard: the last ones are kept', {
        shard: one.name,
        kept,
      });
    } else shard.set(one.endpoints.map((endpoint) => endpointOf(shard, endpoint)));
    shard.knock(runtime.now);
    return shard;
  }

  /** Nobody asks for it: without requests only a dial tells that it is back. */
  #probe(shard: Shard, now: number): void {
    if (this.#probing.has(shard) || !shard.circuit.admit(now)) return;
    const endpoint = shard.endpoints[0];
    if (endpoint === undefined) return;
    this.#probing.add(shard);
    endpoint.probe((reason) => {
      this.#probing.delete(shard);
      if (reason === '') shard.returned();
      else shard.failed(endpoint, reason);
    });
  }
}

/** The object of an endpoint stays while its name and address do, with its connections and what is known of its health. */
function endpointOf(shard: Shard, one: TopologyEndpoint): Endpoint {
  const address: Address = { ip: one.ip, host: one.host, port: one.port };
  const present = shard.endpoints.find(({ name }) => name === one.name);
  return present !== undefined && sameAddress(present.address, address)
    ? present
    : new Endpoint(shard, one.name, address);
}

/** Another hash name makes another shard of it: nothing of the old one is taken over. */
function identity({ name, hashName }: TopologyShard): string {
  return `${name} ${hashName}`;
}

function sameAddress(a: Address, b: Address): boolean {
  return a.ip === b.ip && a.host === b.host && a.port === b.port;
}

function shardOptions({ failure, hedge }: HttpTopology): ShardOptions {
  const retryAfterMs = parseDuration(failure.retryAfter);
  const { ejectAfter } = failure;
  const recoverMs = Math.min(2 * retryAfterMs, MAX_RECOVER_MS);
  const circuit = { ejectAfter, retryAfterMs, maxRetryMs: MAX_RETRY_MS, recoverMs };
  return { timeoutMs: parseDuration(failure.timeout), circuit, outlier: circuit, hedge };
}
