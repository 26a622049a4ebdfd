/** `npm run bench -- NAME [--json FILE]`: a benchmark beside its peer. The table goes to standard output, progress to standard error. */
import { writeFileSync } from 'node:fs';
import { errorMessage } from '@motif/kit';
import { parseArguments } from './arguments.ts';
import { runRedis } from './redis/run.ts';
import { redisTable } from './redis/table.ts';

async function main(args: readonly string[]): Promise<void> {
  const options = parseArguments(args, ['redis']);
  const begin = performance.now();
  const say = (line: string): void => {
    const seconds = Math.round((performance.now() - begin) / 1000);
    process.stderr.write(`[${String(seconds).padStart(4)} s] ${line}\n`);
  };
  const result = await runRedis(options, say);
  console.log(redisTable(result));
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
