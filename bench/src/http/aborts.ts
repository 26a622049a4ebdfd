import type { RunningProxy } from '../ambassador.ts';
import { connectionsTo } from './connections.ts';
import { type HttpStage, runLoad } from './stage.ts';

/** Clients that go before they have their answer. */
export const ABORTED = 200;

/** How long a proxy keeps an idle connection to a backend at most (ours: 4 s), and what the machine may add. */
const PATIENCE_MS = 10_000;

/** What is left of clients that went. */
export interface Aborts {
  readonly clients: number;
  /** Connections to backends right after the last client went, and after `seconds`. */
  readonly atOnce: number;
  readonly left: number;
  /** Until none was left, or patience ended. */
  readonly seconds: number;
}

/** Lets 200 clients go by a reset, half of them while they wait for an answer, half in the middle of one, and counts the proxy's connections to backends. */
export async function aborts(stage: HttpStage, proxy: RunningProxy): Promise<Aborts> {
  await runLoad(stage, proxy.port, '-mode', 'abort', '-connections', String(ABORTED));
  const begin = performance.now();
  const atOnce = connectionsTo(proxy.pid, stage.shards);
  let left = atOnce;
  while (left > 0 && performance.now() - begin < PATIENCE_MS) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = connectionsTo(proxy.pid, stage.shards);
  }
  return { clients: ABORTED, atOnce, left, seconds: Math.round((performance.now() - begin) / 100) / 10 };
}
