import type { ShardedTopology } from '@motif/api/topology';
import type { ShardedService } from '../resource.ts';

/** The defaults are the schema's: they are repeated only for objects that were stored before a field existed. */
export function failure({ spec }: ShardedService): ShardedTopology['failure'] {
  const { failure: stated } = spec;
  return {
    onDeadShard: oneOf(['Fail', 'Rehash'], stated?.onDeadShard),
    ejectAfter: stated?.ejectAfter ?? 3,
    retryAfter: stated?.retryAfter ?? '5s',
    timeout: stated?.timeout ?? '1s',
    onReturn: oneOf(['Serve', 'Flush'], stated?.onReturn),
  };
}

/** The schema of the resource lets nothing else through; the first is the default. */
export function oneOf<const T extends string>(values: readonly [T, ...T[]], value: string | undefined): T {
  return values.find((candidate) => candidate === value) ?? values[0];
}
