import { realpathSync } from 'node:fs';
import { join } from 'node:path';

import type { Layout } from '../base/layout.ts';
import { isAlive } from '../host/processes.ts';
import type { ImageArchive } from '../images/assemble.ts';
import { controlMachine, findMachine, nodeName } from '../machine/machine.ts';
import { chooseSubnet } from '../machine/network.ts';
import type { Programs } from '../parts/spec.ts';
import { filesBelow, inputsKey } from '../prepare/cache.ts';
import { takeDown } from './down.ts';
import { withLock } from './lock.ts';
import {
  applyAddons,
  type Say,
  sortNodes,
  startControl,
  startKubelet,
  startMachines,
  startRuntime,
  waitUsable,
} from './start.ts';
import { readState, type State, writeState } from './state.ts';

export interface UpOptions {
  /** How many nodes there are to be at least; a cluster with more keeps them. */
  readonly nodes: number;
  readonly programs: Programs;
  /** The images that every node gets. */
  readonly archives: readonly ImageArchive[];
  readonly say: Say;
}

/** Brings the cluster to run: from nothing, from the ruins of one, or by starting only what is missing of one that runs. */
export function bringUp(layout: Layout, options: UpOptions): Promise<State> {
  return withLock(layout.lock, async () => {
    const state = await usableState(layout, options);
    writeState(layout, state);
    await startAll(layout, state, options);
    const complete = { ...state, complete: true };
    writeState(layout, complete);
    return complete;
  });
}

async function usableState(layout: Layout, { nodes, programs, say }: UpOptions): Promise<State> {
  const fingerprint = clusterFingerprint(programs);
  const wanted = Array.from({ length: nodes }, (_, index) => nodeName(index + 1));
  const old = readState(layout);
  if (old?.complete && old.fingerprint === fingerprint && runs(layout)) {
    return { ...old, nodes: sortNodes([...old.nodes, ...wanted]) };
  }
  if (old) say('clearing away an earlier cluster that cannot be used any more');
  await takeDown(layout);
  const subnet = await chooseSubnet(layout.key);
  const containerd = realpathSync('/usr/bin/containerd');
  return { fingerprint, subnet, programs, containerd, nodes: wanted, complete: false };
}

/** What a running cluster was made from: its programs, and the sources of what they are started with. */
export function clusterFingerprint({ node: _, ...built }: Programs): string {
  const sources = ['parts', 'addons', 'machine'].flatMap((name) => filesBelow(join(import.meta.dirname, '..', name)));
  return inputsKey([['programs', JSON.stringify(built)], ...sources.filter(([name]) => !name.endsWith('.test.ts'))]);
}

/** Without its control machine a cluster has no network left, and is made anew; anything else can be started again. */
function runs(layout: Layout): boolean {
  const control = findMachine(layout, controlMachine);
  return control !== undefined && isAlive(control.process);
}

async function startAll(layout: Layout, state: State, { archives, say }: UpOptions): Promise<void> {
  await startMachines(layout, state);
  const control = startControl(layout, state, say);
  const runtimes = Promise.all(state.nodes.map((node) => startRuntime(layout, state, node, archives)));
  // Both are waited for before a failure is reported, so that nothing goes on starting behind it.
  const [first, second] = await Promise.allSettled([control, runtimes]);
  for (const outcome of [first, second]) if (outcome.status === 'rejected') throw outcome.reason;
  say(`starting ${state.nodes.join(', ')}`);
  await Promise.all([applyAddons(layout, state), ...state.nodes.map((node) => startKubelet(layout, state, node))]);
  say('waiting for cluster DNS and the metrics API');
  await waitUsable(layout);
}
