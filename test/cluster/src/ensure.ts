import { EmbeddedCluster } from './handle/embedded.ts';
import { writeCommands } from './lifecycle/commands.ts';
import { bringUp } from './lifecycle/up.ts';
import { type Prepared, prepareMachine } from './prepare/machine.ts';
import type { Report } from './prepare/steps.ts';

export interface EnsureOptions {
  /** How many nodes there are to be at least (default 1). */
  readonly nodes?: number;
  /** Gets each line of progress. */
  readonly report?: Report;
  /** What `prepareMachine` gave, where it has been called already. */
  readonly prepared?: Prepared;
}

/** The embedded cluster of this checkout, running: the machine is prepared and the cluster started as far as they are not. */
export async function ensureCluster(options: EnsureOptions = {}): Promise<EmbeddedCluster> {
  const { nodes = 1, report = () => {} } = options;
  const prepared = options.prepared ?? (await prepareMachine(report));
  const { layout, programs, archives } = prepared;
  await bringUp(layout, { nodes, programs, archives, say: report });
  writeCommands(layout, programs);
  return new EmbeddedCluster(layout);
}
