import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, countStep, countVitest } from './counts.ts';

/** Runs a program of node_modules under this Node, its output passed through. Resolves to the exit code; 1 when it was killed. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'inherit', 'inherit'], env });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** One vitest project. A run that leaves no report, or a failed exit without a failed test, counts as one failure. */
export async function runVitest(project: string, env: NodeJS.ProcessEnv): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'motif-test-'));
  const outputFile = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
    const code = await run('node_modules/vitest/vitest.mjs', ['run', '--project', project, ...reporters], env);
    const counts = readCounts(outputFile);
    if (counts === undefined) return { passed: 0, failed: 1 };
    return code !== 0 && counts.failed === 0 ? { passed: counts.passed, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file: string): Counts | undefined {
  try {
    return countVitest(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A check that passes or fails as a whole. */
export async function runCheck(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Counts> {
  return countStep(await run(program, args, env));
}
