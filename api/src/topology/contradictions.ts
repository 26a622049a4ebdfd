import { ExpressionError } from '../expressions/error.ts';
import { parseKeyExpression } from '../expressions/parse.ts';
import { shardingProblems } from '../hashing/create-locator.ts';
import { findHashNameCollision } from '../hashing/names.ts';
import type { HttpTopology, ShardedTopology } from './schema.ts';

/** Two parts of a document that cannot both hold: where, and what would be right. */
export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a schema of each field alone cannot see. */
export function contradictions(topology: ShardedTopology): Contradiction[] {
  return [
    ...repeated(
      topology.shards.map(({ name }) => name),
      (i) => ['shards', i, 'name'],
    ),
    ...(topology.protocol === 'redis'
      ? repeated(topology.clientAuth?.map(({ username }) => username) ?? [], (i) => ['clientAuth', i, 'username'])
      : httpContradictions(topology)),
    ...collisions(topology.shards.map(({ hashName }) => hashName)),
  ];
}

function repeated(values: readonly string[], path: (index: number) => (string | number)[]): Contradiction[] {
  const message = 'expected a value of its own, but an earlier entry has the same';
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    if (seen.has(value)) return [{ path: path(index), message }];
    seen.add(value);
    return [];
  });
}

function collisions(hashNames: readonly string[]): Contradiction[] {
  const clash = findHashNameCollision(hashNames);
  if (clash === undefined) return [];
  const message = `expected a name whose hash differs from that of "${clash.names[0]}" (shards[${clash.first}])`;
  return [{ path: ['shards', clash.second, 'hashName'], message }];
}

function httpContradictions({ sharding, shards, geoDatabase }: HttpTopology): Contradiction[] {
  const inSharding = shardingProblems(sharding, shards.length).map(({ path, message }) => ({
    path: ['sharding', ...path],
    message,
  }));
  return [
    ...inSharding,
    ...sharding.key.flatMap((text, index) => badExpression(text, index, geoDatabase !== undefined)),
  ];
}

function badExpression(text: string, index: number, hasCountries: boolean): Contradiction[] {
  const path = ['sharding', 'key', index];
  try {
    const asksCountry = parseKeyExpression(text).some(({ kind }) => kind === 'country');
    if (!asksCountry || hasCountries) return [];
    return [{ path, message: 'expected a geoDatabase beside it, in which country(ip) looks' }];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { position, understood, allowed } = error;
    return [{ path, message: `at ${position}, after ${JSON.stringify(understood)}, expected ${allowed}` }];
  }
}
