import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { createLayout } from '@motif/cluster/base/layout';
import { waitFor } from '@motif/cluster/base/wait';
import { EmbeddedCluster } from '@motif/cluster/handle/embedded';
import { removeCgroups } from '@motif/cluster/host/cgroups';
import { identify, isAlive, programOf, signal } from '@motif/cluster/host/processes';
import { run } from '@motif/cluster/host/run';
import { clusterProcesses, takeDown } from '@motif/cluster/lifecycle/down';
import { bringUp } from '@motif/cluster/lifecycle/up';
import { hostInterface } from '@motif/cluster/machine/network';
import { ownLayout } from '@motif/cluster/prepare/facts';
import { type Prepared, prepareMachine } from '@motif/cluster/prepare/machine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { leftovers, machineState } from './leftovers.ts';

/** A cluster of its own beside the one that the other tests use: this file breaks it in every way. */
const name = 'e2e-lifecycle';
const layout = createLayout({
  checkout: ownLayout().checkout,
  home: homedir(),
  env: { ...process.env, MOTIF_CLUSTER_NAME: name },
});
const before = await machineState();
let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepareMachine(() => {}, layout);
  await takeDown(layout);
});
afterAll(() => takeDown(layout));

async function up(nodes = 1): Promise<EmbeddedCluster> {
  const { programs, archives } = prepared;
  await bringUp(layout, { nodes, programs, archives, say: () => {} });
  return new EmbeddedCluster(layout);
}

/** Starts `up` as its users do and kills it with SIGKILL once it has said `line`. */
async function interruptedUp(line: string): Promise<void> {
  const script = join(layout.checkout, 'test/cluster/src/main.ts');
  const env = { ...process.env, MOTIF_CLUSTER_NAME: name };
  const child = spawn(process.execPath, [script, 'up'], {
    env,
    cwd: layout.checkout,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const id = identify(child.pid ?? 0);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await waitFor(`"${line}"`, () => said.includes(line), { timeoutMs: 90_000, everyMs: 5, seen: () => said });
  expect(id && signal(id, 'SIGKILL')).toBe(true);
  await waitFor('its end', () => id !== undefined && !isAlive(id), { timeoutMs: 5000 });
}

describe('a cluster that is interrupted', () => {
  it.each(['starting the control plane', 'starting node-1'])(
    'leaves nothing after down when `up` was killed at "%s"',
    async (line) => {
      await interruptedUp(line);
      expect(clusterProcesses(layout.key).length).toBeGreaterThan(0);
      await takeDown(layout);
      expect(await leftovers(layout)).toEqual([]);
    },
  );

  it('comes up over what kill -9 of all its processes leaves, and down leaves nothing after kill -9 of its parts', async () => {
    await interruptedUp('starting node-1');
    const processes = clusterProcesses(layout.key);
    expect(processes.length).toBeGreaterThan(6);
    for (const id of processes) signal(id, 'SIGKILL');
    await waitFor('their end', () => clusterProcesses(layout.key).length === 0, { timeoutMs: 20_000 });
    expect((await leftovers(layout)).some((line) => line.startsWith('cgroup'))).toBe(true);
    await leaveRuins();
    const cluster = await up();
    expect(await cluster.kubectl(['get', 'nodes', '-o', 'name'])).toContain('node/node-1');

    const shims = clusterProcesses(layout.key).filter(({ pid }) => programOf(pid)?.includes('containerd-shim'));
    expect(shims.length).toBeGreaterThan(1);
    for (const id of shims) signal(id, 'SIGKILL');
    for (const part of ['containerd-node-1', 'kubelet-node-1', 'etcd']) {
      expect(cluster.part(part).kill('SIGKILL')).toBe(true);
    }
    await takeDown(layout);
    expect(await leftovers(layout)).toEqual([]);
  });

  it('changes nothing about the machine as a whole', async () => {
    expect(await machineState()).toEqual(before);
  });
});

/** What a cluster of another make could leave: a mount below its folder and an interface of its name. */
async function leaveRuins(): Promise<void> {
  const folder = join(layout.state, 'nodes', 'node-1', 'old');
  mkdirSync(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  await waitFor('the end of its network', () => !existsSync(`/sys/class/net/${hostInterface(layout.key)}`), {
    timeoutMs: 10_000,
  });
  await run('ip', ['link', 'add', hostInterface(layout.key), 'type', 'veth', 'peer', 'name', `${layout.key}x`]);
}

it('removing the cgroups of a cluster that is not there does nothing', async () => {
  await removeCgroups(layout.key);
  expect(await leftovers(layout)).toEqual([]);
});
