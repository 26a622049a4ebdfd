import { findHashNameCollision } from '../hashing/names.ts';
import type { ShardedTopology } from './schema.ts';

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
      : []),
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
