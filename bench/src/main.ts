/** `npm run bench -- NAME [--json FILE]`: a benchmark beside its peer. The table goes to standard output, progress to standard error. */
import { writeFileSync } from 'node:fs';
import { errorMessage } from '@motif/kit';
import { type BenchArguments, parseArguments } from './arguments.ts';
import { HTTP_CASES, runHttp } from './http/run.ts';
import { httpTable } from './http/table.ts';
import { REDIS_CASES, runRedis } from './redis/run.ts';
import { redisTable } from './redis/table.ts';
import type { Say } from './rounds.ts';

/** A benchmark: what its JSON holds, and its table. */
type Bench = (options: BenchArguments, say: Say) => Promise<{ readonly result: object; readonly table: string }>;

const BENCHES: Readonly<Record<string, Bench>> = {
  redis: async (options, say) => {
    const result = await runRedis(options, say);
    return { result, table: redisTable(result) };
  },
  http: async (options, say) => {
    const result = await runHttp(options, say);
    return { result, table: httpTable(result) };
  },
};

async function main(args: readonly string[]): Promise<void> {
  const options = parseArguments(args, { redis: REDIS_CASES, http: HTTP_CASES });
  const begin = performance.now();
  const say: Say = (line) => {
    const seconds = Math.round((performance.now() - begin) / 1000);
    process.stderr.write(`[${String(seconds).padStart(4)} s] ${line}\n`);
  };
  const bench = BENCHES[options.name] as Bench;
  const { result, table } = await bench(options, say);
  console.log(table);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`);
}

// A signal may come twice, to the group and passed on by npm's starter: the second must not cut the cleaning up short.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`motif: ${errorMessage(error)}\n`);
  process.exitCode = 1;
}
