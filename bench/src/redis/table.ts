import { caseTable } from '../case-table.ts';
import { percent } from '../rounds.ts';
import { median } from '../statistics.ts';
import type { BigValues } from './latency.ts';
import type { RedisResult } from './run.ts';

/** The result as Markdown, as it stands in docs/performance.md. */
export function redisTable(result: RedisResult): string {
  const lines = [
    ...caseLines(result),
    `Most memory: ours ${result.peakMemory.ours} MiB, twemproxy ${result.peakMemory.peer} MiB.`,
    ...openLines(result),
    ...bigLines(result),
  ];
  return lines.join('\n');
}

function caseLines(result: RedisResult): string[] {
  if (Object.keys(result.cases).length === 0) return [];
  return [
    `CPU time an operation, ours beside ${result.peer}, ${result.rounds} alternating rounds`,
    '',
    ...caseTable(result.cases, { ours: 'ours', peer: 'twemproxy' }, (one) => [one]),
  ];
}

function openLines({ openLoop }: RedisResult): string[] {
  if (openLoop === undefined) return [];
  return [
    '',
    `Open loop, ${openLoop.rate} GETs a second (half of twemproxy's highest rate), milliseconds from the moment each was due:`,
    '',
    '| | p50 | p90 | p99 | p99.9 | errors |',
    '| --- | --- | --- | --- | --- | --- |',
    ...(['ours', 'peer'] as const).map((side) => {
      const one = openLoop[side];
      return `| ${sideName(side)} | ${one.p50} | ${one.p90} | ${one.p99} | ${one.p999} | ${one.errors} |`;
    }),
  ];
}

function bigLines({ bigValues }: RedisResult): string[] {
  if (bigValues === undefined) return [];
  return [
    '',
    'Big values (medians; memory: the most of all rounds): one GET of 64 MB, then small GETs while one client loops over 16 MB and one never reads:',
    '',
    '| | 64 MB GET s | small GETs p50 ms | p99 ms | errors | loop MB/s | busy | most memory MiB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...(['ours', 'peer'] as const).map((side) => bigLine(sideName(side), bigValues[side])),
  ];
}

function bigLine(name: string, all: readonly BigValues[]): string {
  const of = (pick: (one: BigValues) => number): number => Math.round(median(all.map(pick)) * 100) / 100;
  const peak = Math.max(...all.map((one) => one.peak));
  return `| ${name} | ${of((one) => one.get64)} | ${of((one) => one.small.p50)} | ${of((one) => one.small.p99)} | ${all.reduce((sum, one) => sum + one.small.errors, 0)} | ${of((one) => one.loopRate)} | ${percent(of((one) => one.busy))} | ${peak} |`;
}

const sideName = (side: 'ours' | 'peer'): string => (side === 'ours' ? 'ours' : 'twemproxy');
