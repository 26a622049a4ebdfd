import { ClusterError } from '../base/errors.ts';
import type { Layout } from '../base/layout.ts';
import { works } from '../host/run.ts';
import { goVersionIfAny } from './facts.ts';
import { buildProgram, type GoProgram, goPrograms, isBuilt } from './go-programs.ts';
import { type Report, runSteps } from './steps.ts';

/** The beginnings of commands that run kubectl and helm. */
export interface ToolCommands {
  readonly kubectl: readonly string[];
  readonly helm: readonly string[];
}

/** kubectl and helm for a cluster that is not ours: the machine's own, or those that are built here, for which it needs Go but not root. */
export async function prepareTools(report: Report, layout: Layout): Promise<ToolCommands> {
  const [hasKubectl, hasHelm] = await Promise.all([
    works('kubectl', ['version', '--client']),
    works('helm', ['version', '--short']),
  ]);
  const kubectl = hasKubectl ? ['kubectl'] : [await built(report, layout, 'kube'), 'kubectl'];
  const helm = hasHelm ? ['helm'] : [await built(report, layout, 'helm')];
  return { kubectl, helm };
}

async function built(report: Report, layout: Layout, name: string): Promise<string> {
  const program = goPrograms.find((candidate) => candidate.name === name) as GoProgram;
  const version = await goVersionIfAny();
  if (version === undefined) {
    const tool = name === 'kube' ? 'kubectl' : name;
    throw new ClusterError(
      'CannotRun',
      `there is no ${tool} here and no Go to build it with: install ${tool}, or Go 1.26`,
    );
  }
  const step = {
    title: `Go program ${program.name} ${program.version}`,
    usualSeconds: program.usualSeconds,
    done: () => isBuilt(layout.cache, program, version),
    work: async () => void (await buildProgram(layout.cache, program, version)),
  };
  await runSteps([[step]], report, () => performance.now() / 1000);
  return buildProgram(layout.cache, program, version);
}
