import type { ShardedTopology, TopologyContent, TopologyEndpoint, TopologyShard } from '@motif/api/topology';
import { TOPOLOGY_API_VERSION } from '@motif/api/topology';
import { headlessName, KIND, podName, shardName } from '../names.ts';
import { statedReplicas } from '../replicas.ts';
import type { ShardedService } from '../resource.ts';
import { hashNameOf, shardCount, shardPort, weightOf } from '../spec.ts';
import { failure } from './topology-failure.ts';
import { httpBehaviour, httpSharding } from './topology-http.ts';
import { redisBehaviour, redisSharding } from './topology-redis.ts';

/** What the topology needs to know of the world. */
export interface TopologyInputs {
  /** Addresses of the pods that have one, by pod name. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Names of the pods that are ready and not on their way out. */
  readonly serving: ReadonlySet<string>;
  /** How many replicas the shards have now whose number an autoscaler decides, by index. */
  readonly scaled: ReadonlyMap<number, number>;
  /** Indices of shards that have been ready; a shard that joins a running service takes keys only from then on. */
  readonly ready: ReadonlySet<number>;
  /** What is published now; of another resource of the same name it does not count. */
  readonly previous: ShardedTopology | undefined;
}

/**
 * What the data plane is told.
 *
 * Endpoints follow from the specification, their addresses from the pods; the last known address stays where a pod has none or is
 * not in the list, because a list may be wrong and an address is only a hint. Of several replicas of a shard those are listed that serve; where
 * none does, all: an empty list would tell nobody anything, and one of them may be back before we know.
 *
 * Where keys live changes at once or not at all: while new shards are awaited everything that places keys stays as published.
 */
export function topologyContent(resource: ShardedService, inputs: TopologyInputs): TopologyContent {
  const previous = inputs.previous?.uid === resource.metadata.uid ? inputs.previous : undefined;
  const { name, namespace, uid } = resource.metadata;
  const members = membersOf(resource, { ...inputs, previous });
  const placed = members.length < shardCount(resource) ? previous : undefined;
  const known = { ...inputs, previous, placed };
  const head = { apiVersion: TOPOLOGY_API_VERSION, kind: KIND, service: name, namespace, uid } as const;
  const port = shardPort(resource);
  const shards = members.map((index) => shardOf(resource, index, known));
  if (resource.spec.protocol === 'http') {
    const sharding = placed?.protocol === 'http' ? placed.sharding : httpSharding(resource);
    return {
      ...head,
      protocol: 'http',
      port,
      sharding,
      failure: failure(resource),
      ...httpBehaviour(resource),
      shards,
    };
  }
  const sharding = placed?.protocol === 'redis' ? placed.sharding : redisSharding(resource);
  return {
    ...head,
    protocol: 'redis',
    port,
    sharding,
    failure: failure(resource),
    ...redisBehaviour(resource),
    shards,
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

/** `placed`: the document whose placement of keys stays for now. */
type Known = TopologyInputs & { readonly placed: ShardedTopology | undefined };

function shardOf(resource: ShardedService, index: number, inputs: Known): TopologyShard {
  const service = resource.metadata.name;
  const name = shardName(service, index);
  const before = inputs.placed?.shards.find((shard) => shard.name === name);
  const { hashName, weight } = before ?? { hashName: hashNameOf(resource, index), weight: weightOf(resource, index) };
  const count = inputs.scaled.get(index) ?? statedReplicas(resource, index);
  const pods = Array.from({ length: count }, (_, ordinal) => podName(service, index, ordinal));
  const serving = pods.filter((pod) => inputs.serving.has(pod));
  const listed = serving.length === 0 ? pods : serving;
  return { name, hashName, weight, endpoints: listed.map((pod) => endpointOf(resource, pod, inputs)) };
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
