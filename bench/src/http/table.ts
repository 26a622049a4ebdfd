import { caseTable, table } from '../case-table.ts';
import type { Aborts } from './aborts.ts';
import { NAMES, type Side } from './proxies.ts';
import type { HttpResult } from './run.ts';

const ORDER = Object.keys(NAMES) as Side[];

/** The result as Markdown, as it stands in docs/performance.md. */
export function httpTable(result: HttpResult): string {
  const lines = [
    `CPU time a request, ours beside ${result.peer} and ${result.haproxy}, ${result.rounds} alternating rounds`,
    '',
    ...caseTable(result.cases, NAMES, (one) => [one, one.haproxy]),
    ...directLine(result),
    ...openLines(result),
    ...abortLines(result),
    ...table(
      ['memory MiB', 'after the start', 'most'],
      ORDER.map((side) => [NAMES[side], String(result.memory[side].started), String(result.memory[side].peak)]),
    ),
  ];
  return lines.join('\n');
}

function directLine({ cases }: HttpResult): string[] {
  const rates = Object.entries(cases).map(([name, { direct }]) => `${name} ${direct}/s`);
  return rates.length === 0 ? [] : [`Without a proxy: ${rates.join(', ')}.`, ''];
}

function openLines({ openLoop }: HttpResult): string[] {
  if (openLoop === undefined) return [];
  const line = (name: string, side: Side | 'direct'): string[] => {
    const { p50, p90, p99, p999 } = openLoop.latency[side];
    return [name, ...[p50, p90, p99, p999].map(String)];
  };
  return [
    `Open loop, ${openLoop.rate} requests a second, milliseconds from the moment each was due; our p99 is ${openLoop.p99AboveNginx} ms above nginx's (median of the rounds' differences):`,
    '',
    ...table(
      ['', 'p50', 'p90', 'p99', 'p99.9'],
      [line('no proxy', 'direct'), ...ORDER.map((side) => line(NAMES[side], side))],
    ),
  ];
}

function abortLines(result: HttpResult): string[] {
  const gone = result.aborts;
  if (gone === undefined) return [];
  const line = (side: Side): string[] => {
    const { atOnce, left, seconds }: Aborts = gone[side];
    return [NAMES[side], String(atOnce), left === 0 ? `none after ${seconds} s` : `${left} after ${seconds} s`];
  };
  return [
    `Connections to backends after ${gone.ours.clients} clients went (half waiting for an answer, half in the middle of one):`,
    '',
    ...table(['', 'at once', 'left'], ORDER.map(line)),
  ];
}
