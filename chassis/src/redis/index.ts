/** The Redis sharding proxy: RESP in, shards out. */
export { RedisServer, type RedisServerOptions } from './server.ts';
