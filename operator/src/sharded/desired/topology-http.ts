import { GEO_DIRECTORY, type HttpTopology } from '@motif/api/topology';
import type { ShardedService } from '../resource.ts';
import { oneOf } from './topology-failure.ts';

/** How requests find their shard. */
export function httpSharding({ spec }: ShardedService): HttpTopology['sharding'] {
  const { algorithm, key = [], map, range, boundedLoadPercent } = spec.sharding;
  return {
    algorithm: oneOf(['rendezvous', 'map', 'range'], algorithm),
    hash: 'rendezvous/v1',
    key: [...key],
    ...(algorithm === 'map' && map !== undefined && map.length > 0 ? { map } : {}),
    ...(algorithm === 'range' && range !== undefined && range.length > 0 ? { range } : {}),
    ...(boundedLoadPercent === undefined ? {} : { boundedLoadPercent }),
  };
}

/** What only a document of protocol http has. */
export function httpBehaviour({
  spec,
}: ShardedService): Pick<HttpTopology, 'hedge' | 'trustedProxies' | 'geoDatabase'> {
  const { hedge, trustedProxies, geoDatabase } = spec;
  return {
    ...(hedge === undefined
      ? {}
      : { hedge: { afterPercentile: hedge.afterPercentile, budgetPercent: hedge.budgetPercent } }),
    ...(trustedProxies === undefined || trustedProxies.length === 0 ? {} : { trustedProxies: [...trustedProxies] }),
    ...(geoDatabase === undefined ? {} : { geoDatabase: { file: `${GEO_DIRECTORY}/${geoDatabase.path}` } }),
  };
}
