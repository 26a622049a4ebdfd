/** `@motif/api/topology`: the document by which the operator tells the data plane what it decided. */
export { checkTopology, parseTopology, serializeTopology, TopologyError } from './topology/document.ts';
export { isOlder, sameContent, type TopologyContent, withEpoch } from './topology/epoch.ts';
export { TOPOLOGY_API_VERSION } from './topology/parts.ts';
export { GEO_DIRECTORY } from './topology/parts-http.ts';
export {
  type HttpTopology,
  type RedisTopology,
  type ShardedTopology,
  shardedTopology,
  TOPOLOGY_KEY,
  type Topology,
  type TopologyEndpoint,
  type TopologyShard,
} from './topology/schema.ts';
