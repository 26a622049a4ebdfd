import { expect } from 'vitest';
import type { LoadReport } from './report.ts';

/** Holds that the keys of these shards saw no error and no answer of somebody else's. */
export function expectNoErrors(report: LoadReport, shards: readonly string[]): void {
  for (const shard of shards) expect({ shard, ...report.shards[shard] }).toMatchObject({ shard, errors: 0, wrong: 0 });
}
