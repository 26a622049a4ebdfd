import type { Layout } from '../base/layout.ts';
import { findMachine } from '../machine/machine.ts';
import { allParts } from './parts.ts';
import { readState } from './state.ts';

export interface PartStatus {
  readonly name: string;
  readonly machine: string;
  readonly pid: number | undefined;
  readonly ready: boolean;
  readonly log: string;
}

/** The parts of a cluster as they are now; undefined where there is no cluster. */
export async function partStatuses(layout: Layout): Promise<PartStatus[] | undefined> {
  const state = readState(layout);
  if (!state) return undefined;
  return Promise.all(
    allParts(layout, state).map(async (part) => ({
      name: part.name,
      machine: part.spec.machine,
      pid: part.process?.pid,
      ready: findMachine(layout, part.spec.machine) !== undefined && (await part.healthy()),
      log: part.log,
    })),
  );
}

/** The parts as a table for people. */
export function renderStatus(parts: readonly PartStatus[]): string {
  const rows = parts.map((part) => [
    part.name,
    part.ready ? 'yes' : 'no',
    String(part.pid ?? '-'),
    part.machine,
    part.log,
  ]);
  const table = [['PART', 'READY', 'PID', 'MACHINE', 'LOG'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}
