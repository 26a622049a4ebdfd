import { MotifError } from '@motif/kit';

/** A pass failed in a way that trying again cannot mend: it waits for the next change of the resource. */
export class TerminalError extends MotifError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('ReconcileTerminal', message, options);
  }
}

/** A pass did not end within its time. */
export class PassTimeoutError extends MotifError {
  constructor(controller: string, key: string, timeoutMs: number) {
    super('PassTimeout', `${controller} ${key}: the pass did not end within ${timeoutMs} ms`);
  }
}

/** Leadership ended without our wish: the process must end. */
export class LeadershipLostError extends MotifError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('LeadershipLost', message, options);
  }
}
