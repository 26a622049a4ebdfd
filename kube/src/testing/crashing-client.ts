import type { KubeClient } from '../client/types.ts';
import { isWrite, wrapClient } from './wrap.ts';

/** What a client throws that has crashed; no code under test may take it for an answer. */
export class CrashError extends Error {
  constructor(write: number) {
    super(`crashed after write ${write}`);
  }
}

/**
 * A client whose process dies right after its `writes`-th write was carried out: that call and every later one throws `CrashError`.
 * With 0 it dies before the first. `seen` counts the writes that went through (Sieve's intermediate states: crash at every write in turn).
 */
export function crashingClient(client: KubeClient, writes: number): KubeClient & { readonly seen: number } {
  let seen = 0;
  let crashed = false;
  const wrapped = wrapClient(client, {
    before(call) {
      if (crashed) throw new CrashError(writes);
      if (isWrite(call) && seen >= writes) {
        crashed = true;
        throw new CrashError(writes);
      }
    },
    after(call) {
      if (isWrite(call) && ++seen === writes) {
        crashed = true;
        throw new CrashError(writes);
      }
    },
  });
  return Object.defineProperty(wrapped, 'seen', { get: () => seen }) as KubeClient & { readonly seen: number };
}
