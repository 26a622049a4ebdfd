import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { localHttpTopology } from '@motif/api/topology/testing';
import { filledIn, type RunningProxy, running, startAmbassador } from '../ambassador.ts';
import { freePort, listening } from '../processes.ts';
import { PROXY_CORE } from '../stage.ts';
import type { HttpStage } from './stage.ts';

/** Who is measured, in the order of the first round. */
export const SIDES = ['peer', 'ours', 'haproxy'] as const;
export type Side = (typeof SIDES)[number];

/** What the tables call each. */
export const NAMES: Readonly<Record<Side, string>> = { ours: 'ours', peer: 'nginx', haproxy: 'HAProxy' };

/** Starts a proxy before the stage's backends. */
export const START: Readonly<Record<Side, (stage: HttpStage) => Promise<RunningProxy>>> = {
  ours: startOurs,
  peer: startNginx,
  haproxy: startHaproxy,
};

/** Debian's nginx with `bench/http/nginx.conf`. */
async function startNginx(stage: HttpStage): Promise<RunningProxy> {
  const port = await freePort();
  const file = filledIn(stage, 'http/nginx.conf', { LISTEN: port, FOLDER: stage.folder, ...shardWords(stage) });
  const child = stage.processes.start(PROXY_CORE, '/usr/sbin/nginx', ['-e', 'stderr', '-c', file]);
  await listening(port, 'nginx', child);
  // The traffic is the worker's, not the process's that was started.
  const worker = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
  return running('nginx', port, child, worker);
}

/** Debian's HAProxy with `bench/http/haproxy.cfg`. */
async function startHaproxy(stage: HttpStage): Promise<RunningProxy> {
  const port = await freePort();
  const file = filledIn(stage, 'http/haproxy.cfg', { LISTEN: port, ...shardWords(stage) });
  const child = stage.processes.start(PROXY_CORE, '/usr/sbin/haproxy', ['-db', '-f', file]);
  await listening(port, 'haproxy', child);
  return running('haproxy', port, child);
}

/** Our ambassador before the same backends, with nginx's key and time-out. */
function startOurs(stage: HttpStage): Promise<RunningProxy> {
  const failure = { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '5s', timeout: '60s', onReturn: 'Serve' } as const;
  const sharding = { algorithm: 'rendezvous', hash: 'rendezvous/v1', key: ['uri'] } as const;
  const topology = localHttpTopology(stage.shards, { failure, sharding: { ...sharding, key: [...sharding.key] } });
  return startAmbassador(stage, topology);
}

function shardWords(stage: HttpStage): Record<string, number> {
  return Object.fromEntries(stage.shards.map((port, i) => [`SHARD${i}`, port]));
}

/** nginx's version as it says it, `1.22.1`. */
export function nginxVersion(): string {
  return /nginx\/([\d.]+)/.exec(execFileSync('sh', ['-c', '/usr/sbin/nginx -v 2>&1'], { encoding: 'utf8' }))?.[1] ?? '';
}

/** HAProxy's version as it says it, `2.6.12`. */
export function haproxyVersion(): string {
  return /version ([\d.]+)/.exec(execFileSync('/usr/sbin/haproxy', ['-v'], { encoding: 'utf8' }))?.[1] ?? '';
}
