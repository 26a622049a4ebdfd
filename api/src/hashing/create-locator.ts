import { ApiError } from '../error.ts';
import type { Locator } from './locator.ts';
import { type MapEntry, MapOwners } from './map.ts';
import { OwnersFirst } from './owners-first.ts';
import { type RangeEntry, RangeOwners } from './range.ts';
import { createRendezvous, type WeightedName } from './rendezvous.ts';

/** How keys find their shard, as a topology's `sharding` says it. Hash tags are the caller's: see `withHashTag`. */
export interface Sharding {
  readonly algorithm: 'rendezvous' | 'map' | 'range';
  readonly hash: 'rendezvous/v1';
  /** For algorithm map, which needs it. */
  readonly map?: readonly MapEntry[];
  /** For algorithm range, which needs it. */
  readonly range?: readonly RangeEntry[];
}

/**
 * The locator of a topology, for every protocol.
 * @throws ApiError `HashNameCollision`, `InvalidWeight`, `NoShards`, `InvalidMap`, `InvalidRange`
 */
export function createLocator(sharding: Sharding, shards: readonly WeightedName[]): Locator {
  const rendezvous = createRendezvous(shards);
  const [problem] = shardingProblems(sharding, shards.length);
  if (problem !== undefined) {
    const code = sharding.algorithm === 'map' ? 'InvalidMap' : 'InvalidRange';
    throw new ApiError(code, `sharding.${problem.path.join('.')}: ${problem.message}`);
  }
  if (sharding.algorithm === 'map') return new OwnersFirst(new MapOwners(sharding.map ?? []), rendezvous);
  if (sharding.algorithm === 'range') return new OwnersFirst(new RangeOwners(sharding.range ?? []), rendezvous);
  return rendezvous;
}

/** Something wrong with `map` or `range`: where, relative to `sharding`, and what is expected. */
export interface ShardingProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What in `map` and `range` cannot hold: the list that the algorithm needs, shards that exist, unique values and bounds. */
export function shardingProblems({ algorithm, map, range }: Sharding, shards: number): ShardingProblem[] {
  const problems: ShardingProblem[] = [];
  for (const [name, list] of [['map', map] as const, ['range', range] as const]) {
    if (algorithm === name && !list?.length) problems.push({ path: [name], message: `expected one entry or more` });
    if (algorithm !== name && list?.length) {
      problems.push({ path: [name], message: `expected none with algorithm ${algorithm}` });
    }
    for (const [index, { shard }] of (list ?? []).entries()) {
      if (Number.isInteger(shard) && shard >= 0 && shard < shards) continue;
      problems.push({
        path: [name, index, 'shard'],
        message: `expected an index below ${shards}, the number of shards`,
      });
    }
  }
  return [
    ...problems,
    ...repeated('map', 'value', map?.map(({ value }) => value) ?? []),
    ...repeated('range', 'from', range?.map(({ from }) => from) ?? []),
  ];
}

function repeated(list: string, field: string, values: readonly string[]): ShardingProblem[] {
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    const message = `expected a ${field} of its own, but an earlier entry has the same`;
    return [{ path: [list, index, field], message }];
  });
}
