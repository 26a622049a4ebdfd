import { type BenchCase, percent } from './rounds.ts';
import type { CaseResult } from './statistics.ts';

/** A table of CPU time by case, as Markdown: ours beside the others, in the order of `names`. */
export function caseTable<S extends string, C extends BenchCase<S>>(
  cases: Readonly<Record<string, C>>,
  names: Readonly<Record<S, string>>,
  against: (one: C) => readonly CaseResult[],
): string[] {
  if (Object.keys(cases).length === 0) return [];
  const sides = Object.keys(names) as S[];
  const all = sides.map((side) => names[side]).join(' / ');
  const others = sides.slice(1).map((side) => names[side]);
  const head = [
    'case',
    'ours µs',
    ...others.flatMap((name) => [`${name} µs`, `${name} ÷ ours (min to max)`]),
    `busy ${all}`,
    'core taken by neighbours',
    `rate ${all}`,
  ];
  const line = ([name, one]: [string, C]): string[] => [
    name,
    String(one.ours),
    ...against(one).flatMap(({ peer, ratio, min, max }) => [String(peer), `${ratio} (${min} to ${max})`]),
    sides.map((side) => percent(one.busy[side])).join(' / '),
    sides.map((side) => percent(one.waited[side])).join(' / '),
    sides.map((side) => rateText(one.rate[side])).join(' / '),
  ];
  return table(head, Object.entries<C>(cases).map(line));
}

function rateText(rate: number | undefined): string {
  if (rate === undefined) return 'not busy enough';
  return rate < 10_000 ? `${Math.round(rate)}/s` : `${Math.round(rate / 1000)}k/s`;
}

/** A Markdown table, and an empty line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
