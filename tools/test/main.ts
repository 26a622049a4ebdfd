/**
 * `npm test`: prepares the machine, then type-check, lint, unit tests and the tests on the real cluster. The last line is
 * `N passed, N failed`; the exit code is 0 only when nothing failed.
 */
import { prepareMachine } from '@motif/cluster';
import { takesNoArguments } from '../arguments.ts';
import { add, type Counts, closingLine } from './counts.ts';
import { runCheck, runVitest } from './run-step.ts';

interface Step {
  readonly name: string;
  readonly usually: string;
  readonly run: () => Promise<Counts>;
}

const steps: readonly Step[] = [
  {
    name: 'type-check',
    usually: '5 s',
    run: () => runCheck('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json'], process.env),
  },
  {
    name: 'lint',
    usually: '2 s',
    run: () => runCheck('node_modules/@biomejs/biome/bin/biome', ['check', '.'], process.env),
  },
  { name: 'unit tests', usually: '20 s', run: () => runVitest('unit', process.env) },
  {
    name: 'tests on a real Kubernetes',
    usually: '8 min',
    run: () => runVitest('cluster', { ...process.env, MOTIF_CLUSTER_KEEP: '1' }),
  },
  { name: 'tests that take parts of it away', usually: '3 min', run: () => runVitest('breaks', process.env) },
];

/** Says at once, in a sentence, what this machine lacks; then brings what can be brought. */
async function prepare(): Promise<void> {
  console.log(
    'preparing the machine: Debian packages, Go programs, images; usually 15 min the first time and a moment afterwards',
  );
  await prepareMachine((line) => console.log(`    ${line}`));
}

takesNoArguments(
  'npm test',
  'Runs all tests; some of them: npm run test:unit -- PATH, npm run test:cluster -- PATH; long proofs: npm run verify -- NAME.',
);
try {
  await prepare();
} catch (error) {
  console.error(`motif: ${error instanceof Error ? error.message : error}`);
  console.log(closingLine({ passed: 0, failed: 1 }));
  process.exit(1);
}

let total: Counts = { passed: 0, failed: 0 };
for (const [index, step] of steps.entries()) {
  console.log(`\n[${index + 1}/${steps.length}] ${step.name}, usually ${step.usually}`);
  const counts = await step.run();
  console.log(`    ${step.name}: ${closingLine(counts)}`);
  total = add(total, counts);
}
console.log(closingLine(total));
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
