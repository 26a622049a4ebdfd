import type { Clock } from '../clock/clock.ts';
import { errorMessage } from '../errors.ts';

export interface CheckOptions {
  /** Of the admin port of the process to ask, such as `http://motif-operator-metrics:9900`. */
  readonly url: string | undefined;
  readonly clock: Clock;
  /** Takes one line. */
  readonly write: (line: string) => void;
  /** How long to ask again and again; 30 seconds unless told. */
  readonly timeoutMs?: number;
}

/**
 * Asks another process of ours whether it is ready and has metrics, and says so: what `helm test` runs in the image itself, which has no other
 * program. @returns the exit code: 0 ready, 1 not within the time, 2 a wrong URL
 */
export async function runCheck({ url, clock, write, timeoutMs = 30_000 }: CheckOptions): Promise<number> {
  if (url === undefined || !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    write(`check: the URL is ${JSON.stringify(url) ?? 'not given'}; allowed: http://host:port of an admin port`);
    return 2;
  }
  const end = clock.monotonic() + timeoutMs;
  for (;;) {
    const problem = await ask(url);
    if (problem === undefined) {
      write(`${url} is ready`);
      return 0;
    }
    if (clock.monotonic() >= end) {
      write(`${url} is not ready after ${timeoutMs / 1000} s: ${problem}`);
      return 1;
    }
    await clock.sleep(500);
  }
}

/** What is wrong; undefined: nothing. */
async function ask(base: string): Promise<string | undefined> {
  try {
    const ready = await fetch(new URL('/readyz', base), { signal: AbortSignal.timeout(3000) });
    if (!ready.ok) return (await ready.text()).trim().replaceAll('\n', '; ');
    const metrics = await fetch(new URL('/metrics', base), { signal: AbortSignal.timeout(3000) });
    return (await metrics.text()).includes('motif_build_info{') ? undefined : 'it serves no metrics of ours';
  } catch (error) {
    return errorMessage(error);
  }
}
