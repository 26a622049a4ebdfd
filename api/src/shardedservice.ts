/** `@motif/api/shardedservice`: the kind ShardedService. */
export {
  type ShardedService,
  type ShardedServiceInput,
  type ShardedServiceSpec,
  type ShardedServiceStatus,
  shardedService,
  shardedServiceKind,
} from './shardedservice/resource.ts';
export { ALGORITHMS, HASHES } from './shardedservice/sharding.ts';
export { PROTOCOLS } from './shardedservice/spec.ts';
