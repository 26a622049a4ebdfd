import type { Logger, Random } from '@motif/kit';
import type { Opener } from './dial.ts';
import type { Flusher } from './flusher.ts';

/** What the proxy's parts need of the world. */
export interface Runtime {
  /** Milliseconds of the monotonic clock. */
  now(): number;
  readonly random: Random;
  readonly logger: Logger;
  readonly flusher: Flusher;
  readonly open: Opener;
  /** Runs once after `ms` milliseconds unless cancelled; does not keep the process alive. */
  after(ms: number, run: () => void): { cancel(): void };
}
