import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

import { commandScript } from './commands.ts';

const folder = mkdtempSync(join(tmpdir(), "motif'commands-"));
afterAll(() => rmSync(folder, { recursive: true }));

it('runs the program with its first arguments, also from a folder with a quote, against the cluster unless told otherwise', () => {
  const file = join(folder, 'kubectl');
  const program = ['/bin/sh', '-c', 'echo "$KUBECONFIG $0 $1"', "it's"];
  writeFileSync(file, commandScript('/a/kubeconfig', program), { mode: 0o755 });
  const { KUBECONFIG: _, ...env } = process.env;
  expect(execFileSync(file, ['get pods'], { encoding: 'utf8', env })).toBe("/a/kubeconfig it's get pods\n");
  expect(execFileSync(file, [], { encoding: 'utf8', env: { ...env, KUBECONFIG: '/b' } })).toBe("/b it's \n");
});
