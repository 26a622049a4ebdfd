import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Layout } from '../base/layout.ts';
import type { Subnet } from '../host/subnets.ts';
import type { Programs } from '../parts/spec.ts';

/** What has to be remembered about a started cluster; everything else is looked up where it is. */
export interface State {
  /** Of the programs and configuration it was made with: another one means that it has to be made anew. */
  readonly fingerprint: string;
  readonly subnet: Subnet;
  readonly programs: Programs;
  readonly containerd: string;
  readonly nodes: readonly string[];
  /** False until the first start has gone through: a cluster that was interrupted in it is made anew. */
  readonly complete: boolean;
}

function stateFile(layout: Layout): string {
  return join(layout.state, 'state.json');
}

export function readState(layout: Layout): State | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(layout), 'utf8')) as State;
  } catch {
    return undefined; // none yet, or one that an interruption cut off: both mean that there is no usable cluster
  }
}

export function writeState(layout: Layout, state: State): void {
  mkdirSync(layout.state, { recursive: true, mode: 0o700 });
  const temporary = `${stateFile(layout)}.partial`;
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(temporary, stateFile(layout));
}
