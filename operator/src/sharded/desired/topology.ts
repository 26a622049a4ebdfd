import type {
  RedisTopology,
  ShardedTopology,
  TopologyContent,
  TopologyEndpoint,
  TopologyShard,
} from '@motif/api/topology';
import { TOPOLOGY_API_VERSION } from '@motif/api/topology';
import { headlessName, KIND, shardName } from '../names.ts';
import type { ShardedService } from '../resource.ts';
import { shardCount, shardPort } from '../spec.ts';

/** What the topology needs to know of the world. */
export interface TopologyInputs {
  /** Addresses of the pods that have one, by pod name. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Indices of shards that have been ready; a shard that joins a running service takes keys only from then on. */
  readonly ready: ReadonlySet<number>;
  /** What is published now; of another resource of the same name it does not count. */
  readonly previous: ShardedTopology | undefined;
}

/**
 * What the data plane is told.
 *
 * Endpoints follow from the specification, their addresses from the pods; the last known address stays where a pod has none or is
 * not in the list, because a list may be wrong and an address is only a hint.
 */
export function topologyContent(resource: ShardedService, inputs: TopologyInputs): TopologyContent {
  const previous = inputs.previous?.uid === resource.metadata.uid ? inputs.previous : undefined;
  const { name, namespace, uid } = resource.metadata;
  const known = { ...inputs, previous };
  return {
    apiVersion: TOPOLOGY_API_VERSION,
    kind: KIND,
    service: name,
    namespace,
    uid,
    protocol: 'redis',
    port: shardPort(resource),
    ...behaviour(resource),
    ...credentials(resource),
    shards: membersOf(resource, known).map((index) => shardOf(resource, index, known)),
  };
}

/** The indices of the shards that keys are spread over now: growing waits for the new shards, leaving does not. */
function membersOf(resource: ShardedService, { previous, ready }: TopologyInputs): number[] {
  const wanted = Array.from({ length: shardCount(resource) }, (_, index) => index);
  if (previous === undefined) return wanted;
  const published = new Set(previous.shards.map(({ name }) => name));
  const isMember = (index: number) => published.has(shardName(resource.metadata.name, index));
  const newcomers = wanted.filter((index) => !isMember(index));
  return newcomers.every((index) => ready.has(index)) ? wanted : wanted.filter(isMember);
}

function shardOf(resource: ShardedService, index: number, inputs: TopologyInputs): TopologyShard {
  const name = shardName(resource.metadata.name, index);
  const endpoints = Array.from({ length: resource.spec.replicas ?? 1 }, (_, ordinal) =>
    endpointOf(resource, `${name}-${ordinal}`, inputs),
  );
  return { name, hashName: name, weight: 1, endpoints };
}

function endpointOf(resource: ShardedService, pod: string, inputs: TopologyInputs): TopologyEndpoint {
  const { name, namespace } = resource.metadata;
  const ip = inputs.addresses.get(pod) ?? lastAddress(inputs.previous, pod);
  const host = `${pod}.${headlessName(name)}.${namespace}.svc`;
  return { name: pod, host, ...(ip === undefined ? {} : { ip }), port: shardPort(resource) };
}

function lastAddress(previous: ShardedTopology | undefined, pod: string): string | undefined {
  for (const shard of previous?.shards ?? []) {
    const endpoint = shard.endpoints.find(({ name }) => name === pod);
    if (endpoint !== undefined) return endpoint.ip;
  }
  return undefined;
}

/** The defaults are the schema's: they are repeated only for objects that were stored before a field existed. */
function behaviour(resource: ShardedService): Pick<RedisTopology, 'sharding' | 'failure' | 'redis'> {
  const { sharding, failure, redis } = resource.spec;
  return {
    sharding: { algorithm: 'rendezvous', hash: 'rendezvous/v1', hashTag: sharding?.hashTag ?? '{}' },
    failure: {
      onDeadShard: oneOf(['Fail', 'Rehash'], failure?.onDeadShard),
      ejectAfter: failure?.ejectAfter ?? 3,
      retryAfter: failure?.retryAfter ?? '5s',
      timeout: failure?.timeout ?? '1s',
      onReturn: oneOf(['Serve', 'Flush'], failure?.onReturn),
    },
    redis: {
      multiKey: oneOf(['Split', 'Refuse'], redis?.multiKey),
      partial: oneOf(['Element', 'Whole'], redis?.partial),
      admin: oneOf(['Refuse', 'Allow'], redis?.admin),
    },
  };
}

/** The schema of the resource lets nothing else through; the first is the default. */
function oneOf<const T extends string>(values: readonly [T, ...T[]], value: string | undefined): T {
  return values.find((candidate) => candidate === value) ?? values[0];
}

function credentials(resource: ShardedService): Pick<RedisTopology, 'auth' | 'clientAuth'> {
  const { auth, clientAuth } = resource.spec;
  return {
    ...(auth === undefined
      ? {}
      : { auth: { username: auth.username !== undefined, password: auth.password !== undefined } }),
    ...(clientAuth === undefined || clientAuth.length === 0
      ? {}
      : { clientAuth: clientAuth.map(({ username }, i) => ({ username, passwordFile: `client-${i}-password` })) }),
  };
}
