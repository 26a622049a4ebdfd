import { freePort, listening } from '../processes.ts';
import { buildLoad, LOAD_CORE, openStage, type Stage } from '../stage.ts';

/** Ports of three backends, and the path of the program that is both them and the clients (`bench/http/load`). */
export interface HttpStage extends Stage {
  readonly shards: readonly number[];
  readonly load: string;
}

/** Starts three backends in one process and builds the load generator. Throws `BenchError` with what is missing. */
export function openHttpStage(): Promise<HttpStage> {
  return openStage({ nginx: 'nginx-light', haproxy: 'haproxy' }, async (stage) => {
    const load = buildLoad(stage, 'bench/http/load');
    const shards = [await freePort(), await freePort(), await freePort()];
    const child = stage.processes.start(LOAD_CORE, load, ['-mode', 'serve', '-ports', shards.join(',')]);
    for (const port of shards) await listening(port, 'the backend', child);
    return { shards, load };
  });
}

/** Runs the clients to their end and returns what they found. Throws `LoadFailed` with the first answer that was not right. */
export async function runLoad<T>(stage: HttpStage, port: number, ...args: string[]): Promise<T> {
  return JSON.parse(await stage.processes.run(LOAD_CORE, stage.load, ['-port', String(port), ...args])) as T;
}
