/**
 * A shard that fails beside two that do not: what the others' clients feel of it, and what its own clients see. Rounds with and without
 * the fault alternate.
 */
import { secondsFrom } from './arguments.ts';
import { FAULTS, type FaultFigures, FaultStage, faultRow, rise } from './http/faults.ts';

const ROUNDS = 5;
/** The other shards' p99 may rise by so much, in milliseconds. */
const MOST_MS = 2;

const roundMs = Math.max(1000, (1000 * secondsFrom(process.argv)) / (FAULTS.length * ROUNDS * 2));
const stage = await FaultStage.open({ rounds: ROUNDS, roundMs, rate: 500, illRate: 100 });
const all: FaultFigures[] = [];
try {
  console.log(
    '| the shard | others p99 calm, ms | during, ms | rise, median (range) | errors of the others | what its own clients saw |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const fault of FAULTS) {
    const figures = await stage.run(fault);
    all.push(figures);
    console.log(faultRow(figures));
  }
} finally {
  await stage.close();
}
const worst = Math.max(...all.map(rise));
const errors = all.reduce((sum, figures) => sum + figures.errors, 0);
console.log(
  `faults-http: ${all.length} faults, ${ROUNDS} rounds each, worst rise of p99 ${worst.toFixed(1)} ms, ${errors} errors of other shards`,
);
process.exitCode = worst <= MOST_MS && errors === 0 ? 0 : 1;
