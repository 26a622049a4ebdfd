import { Session } from 'node:inspector/promises';

/** Which blocks of the message code have run, from the runtime's own counters: nothing is instrumented. */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How many blocks there are, of all that have run. */
  get blocks(): number {
    return this.#seen.size;
  }

  /** Looks at the counters since the last call. @returns how many blocks ran for the first time */
  async fresh(): Promise<number> {
    const before = this.#seen.size;
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    for (const { url, functions } of result) {
      if (!url.includes('/http/message/')) continue;
      for (const { functionName, ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count > 0) this.#seen.add(`${url} ${functionName} ${startOffset} ${endOffset}`);
        }
      }
    }
    return this.#seen.size - before;
  }

  /** From here on code runs at its full speed again. */
  async stop(): Promise<void> {
    await this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }
}
