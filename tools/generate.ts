/**
 * `npm run generate`: writes every file that is made from another one. Each generator also has a test that fails when its files are
 * out of date, so nobody has to remember this command.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const generators = ['api/src/generate.ts', 'chassis/src/redis/commands/generate.ts', 'tools/generate-settings.ts'];

for (const generator of generators) {
  if (!existsSync(generator)) continue;
  console.log(generator);
  const { status } = spawnSync(process.execPath, [generator], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
