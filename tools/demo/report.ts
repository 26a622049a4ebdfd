/** What the demo prints of its load. Pure: outcomes in, lines out. */

/** One command of the load. */
export interface Outcome {
  readonly shard: string;
  readonly error: string | undefined;
  readonly milliseconds: number;
}

/** How keys spread over shards, one line a shard with a bar, and the largest share over the mean. */
export function spreadLines(counts: ReadonlyMap<string, number>): string[] {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const largest = Math.max(...counts.values(), 1);
  const lines = [...counts].map(([shard, count]) => {
    const share = total === 0 ? 0 : (100 * count) / total;
    return `${shard}  ${String(count).padStart(6)} keys  ${share.toFixed(1).padStart(5)} %  ${'#'.repeat(Math.round((30 * count) / largest))}`;
  });
  const mean = total / counts.size;
  return total === 0 ? lines : [...lines, `largest share over the mean: ${(largest / mean).toFixed(3)}`];
}

/** What a client saw, by shard: commands, errors with their texts, the slowest answer. */
export function loadLines(outcomes: readonly Outcome[]): string[] {
  const shards = [...new Set(outcomes.map(({ shard }) => shard))].sort();
  return shards.flatMap((shard) => {
    const own = outcomes.filter((outcome) => outcome.shard === shard);
    const failed = own.filter(({ error }) => error !== undefined);
    const slowest = Math.max(...own.map(({ milliseconds }) => milliseconds));
    const head = `${shard}  ${String(own.length).padStart(6)} commands  ${String(failed.length).padStart(5)} errors  slowest ${Math.round(slowest)} ms`;
    return [head, ...countTexts(failed).map(([text, count]) => `          ${count} × ${text}`)];
  });
}

function countTexts(failed: readonly Outcome[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { error = '' } of failed) counts.set(error, (counts.get(error) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 3);
}
