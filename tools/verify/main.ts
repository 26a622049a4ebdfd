/**
 * `npm run verify -- NAME [--seconds N]`: the long proofs (soak, fuzz, chaos) that `npm test` has no time for. Each is a program of its own
 * that ends with a line of figures; dated figures are kept in docs/verification.md.
 */
import { spawnSync } from 'node:child_process';
import { parseVerifyArguments, proofs } from './proofs.ts';

try {
  const { proof, seconds } = parseVerifyArguments(process.argv.slice(2));
  const { status } = spawnSync(process.execPath, [proof.program, '--seconds', String(seconds)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(`motif: ${error instanceof Error ? error.message : error}`);
  console.error(
    `The proofs:\n${proofs.map(({ name, about, seconds }) => `  ${name.padEnd(16)}${about} (${seconds} s)`).join('\n')}`,
  );
  process.exitCode = 2;
}
