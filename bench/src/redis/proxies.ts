import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { localTopology } from '@motif/api/topology/testing';
import { filledIn, type RunningProxy, running, startAmbassador } from '../ambassador.ts';
import { freePort, listening } from '../processes.ts';
import { PROXY_CORE } from '../stage.ts';
import type { RedisStage } from './stage.ts';

/** Debian's twemproxy with `bench/redis/nutcracker.yml`. */
export async function startTwemproxy(stage: RedisStage): Promise<RunningProxy> {
  const [port, stats] = [await freePort(), await freePort()];
  const shards = Object.fromEntries(stage.shards.map((shard, i) => [`SHARD${i}`, shard]));
  const file = filledIn(stage, 'redis/nutcracker.yml', { ':LISTEN': `:${port}`, ...shards });
  const log = join(stage.folder, 'nutcracker.log');
  const child = stage.processes.start(PROXY_CORE, '/usr/sbin/nutcracker', [
    ...['-c', file, '-o', log, '-v', '4'],
    ...['-a', '127.0.0.1', '-s', String(stats)],
  ]);
  await listening(port, 'nutcracker', child);
  return running('twemproxy', port, child);
}

/** twemproxy's version as it says it, `0.5.0`. */
export function twemproxyVersion(): string {
  return (
    /nutcracker-([\d.]+)/.exec(execFileSync('sh', ['-c', '/usr/sbin/nutcracker -V 2>&1'], { encoding: 'utf8' }))?.[1] ??
    ''
  );
}

/** Our ambassador before the stage's shards, with twemproxy's time-out in nutcracker.yml. */
export function startOurs(stage: RedisStage): Promise<RunningProxy> {
  const failure = { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '5s', timeout: '10s', onReturn: 'Serve' } as const;
  return startAmbassador(stage, localTopology(stage.shards, { failure }));
}
