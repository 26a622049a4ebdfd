import { existsSync } from 'node:fs';

import { ClusterError } from '../base/errors.ts';
import type { Layout } from '../base/layout.ts';
import { tryRun } from '../host/run.ts';
import { archiveOf, assemble, type ImageArchive } from '../images/assemble.ts';
import { baseDefinition, clusterDefinitions, type ImageDefinition } from '../images/definitions.ts';
import type { Programs } from '../parts/spec.ts';
import { intact } from './cache.ts';
import { distribution, goVersionIfAny, machineFacts, ownLayout } from './facts.ts';
import {
  buildProgram,
  type GoProgram,
  goPrograms,
  isBuilt,
  programPaths,
  recordedGo,
  recordGo,
} from './go-programs.ts';
import { installPackages, missingPackages } from './packages.ts';
import { preflight } from './preflight.ts';
import { prune, touch } from './prune.ts';
import { type Report, runSteps, type Step } from './steps.ts';

/** A machine on which the cluster can be started. */
export interface Prepared {
  readonly layout: Layout;
  readonly programs: Programs;
  /** What every node gets. */
  readonly archives: readonly ImageArchive[];
  /** What Motif's own images are built on. */
  readonly base: ImageArchive;
}

/**
 * Prepares the machine as far as it is not: Debian packages, Go programs, images. Two lanes run side by side: compiling, and what comes
 * from packages, which mostly waits for the network.
 * @throws ClusterError `CannotRun` with one sentence for each reason why the machine cannot run the cluster.
 */
export async function prepareMachine(report: Report, layout = ownLayout()): Promise<Prepared> {
  const recorded = recordedGo(layout.cache);
  const built = recorded !== undefined && (await allBuilt(layout, recorded));
  const version = built ? recorded : await goVersionIfAny();
  const problems = preflight(await machineFacts(layout, built));
  if (problems.length > 0) throw new ClusterError('CannotRun', problems.join('\n'));
  await loadModules();
  const goRelease = version as string; // preflight has refused a machine without Go that has nothing built
  const programs = programPaths(layout.cache, goRelease, process.execPath);
  const definitions = clusterDefinitions(programs, distribution());
  const base = baseDefinition(programs, distribution());
  const fromPackages = (image: ImageDefinition) => image.layers.length > 1;
  await runSteps(
    [
      goPrograms.map((program) => programStep(layout, program, goRelease)),
      [packagesStep(), ...[...definitions.filter(fromPackages), base].map((image) => imageStep(layout, image))],
    ],
    report,
    () => performance.now() / 1000,
  );
  recordGo(layout.cache, goRelease);
  const ofPrograms = definitions.filter((image) => !fromPackages(image)).map((image) => imageStep(layout, image));
  await runSteps([ofPrograms], report, () => performance.now() / 1000);
  const archives = definitions.map((image) => archiveOf(layout.cache, image));
  const now = Date.now();
  for (const { file } of [...archives, archiveOf(layout.cache, base)]) touch(file, now);
  prune(layout.cache, now);
  return {
    layout,
    programs,
    archives,
    base: archiveOf(layout.cache, base),
  };
}

async function allBuilt(layout: Layout, version: string): Promise<boolean> {
  const found = await Promise.all(goPrograms.map((program) => isBuilt(layout.cache, program, version)));
  return found.every(Boolean);
}

function programStep(layout: Layout, program: GoProgram, version: string): Step {
  return {
    title: `Go program ${program.name} ${program.version}`,
    usualSeconds: program.usualSeconds,
    done: () => isBuilt(layout.cache, program, version),
    work: async () => void (await buildProgram(layout.cache, program, version)),
  };
}

function packagesStep(): Step {
  const names = missingPackages();
  return {
    title: `Debian packages ${names.join(' ')}`,
    usualSeconds: 15,
    done: async () => names.length === 0,
    work: () => installPackages(names),
  };
}

function imageStep(layout: Layout, image: ImageDefinition): Step {
  return {
    title: `image ${image.tags[0]}`,
    usualSeconds: image.layers.length > 1 ? 10 : 2,
    done: () => intact(archiveOf(layout.cache, image).file),
    work: async () => void (await assemble(layout.cache, image)),
  };
}

/** Kernels that have these as modules load them on demand only from the first namespace. */
async function loadModules(): Promise<void> {
  if (existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables') && existsSync('/sys/module/overlay')) return;
  await tryRun('modprobe', ['--all', '--quiet', 'br_netfilter', 'overlay', 'veth', 'bridge']).catch(() => undefined);
}
