import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Layout } from '../base/layout.ts';
import type { Programs } from '../parts/spec.ts';

/** Where a person's `kubectl` and `helm` for this cluster are: a folder for the PATH. */
export function commandsFolder(layout: Layout): string {
  return join(layout.state, 'bin');
}

/** The text of a command that runs `program` with its first arguments against the cluster, unless KUBECONFIG names another one. */
export function commandScript(kubeconfig: string, program: readonly string[]): string {
  const quoted = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  return `#!/bin/sh\nexport KUBECONFIG="\${KUBECONFIG:-${kubeconfig}}"\nexec ${quoted} "$@"\n`;
}

/** Writes `kubectl` and `helm` for people on machines that have neither. */
export function writeCommands(layout: Layout, { kube, helm }: Programs): void {
  const folder = commandsFolder(layout);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, program: readonly string[]) =>
    writeFileSync(join(folder, name), commandScript(layout.kubeconfig, program), { mode: 0o755 });
  write('kubectl', [kube, 'kubectl']);
  write('helm', [helm]);
}
