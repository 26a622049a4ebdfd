import type { Runtime } from '../../io/runtime.ts';
import type { HttpLimits } from '../limits.ts';

/** What the upstream side needs of the world. */
export interface UpstreamRuntime extends Omit<Runtime, 'now'> {
  readonly limits: HttpLimits;
  /** Milliseconds of the monotonic clock at the last `tick`. */
  readonly now: number;
  /** Looks at the clock: once a read. */
  tick(): void;
}
