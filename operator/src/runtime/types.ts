import type { Logger } from '@motif/kit';
import type { Informer, KubeObject, StoreEvent } from '@motif/kube';

/** What one pass of a controller knows beside its key. */
export interface PassContext {
  /** In each log line of the pass (`passId`). */
  readonly passId: string;
  /** Fires at the pass' deadline, when leadership is lost, and at shutdown: hand it to every call. */
  readonly signal: AbortSignal;
  /** Carries `controller`, `key` and `passId`. */
  readonly logger: Logger;
  /** Failures of this key in a row before this pass; 0 on the first try. */
  readonly failures: number;
}

/** How a pass ended well. */
export interface ReconcileResult {
  /** Look again after this time (ms) although nothing may have changed; the earlier of several wins. */
  readonly requeueAfterMs?: number | undefined;
}

/** Which keys a change of one kind concerns. */
export interface ControllerWatch<T extends KubeObject = KubeObject> {
  readonly informer: Informer<T>;
  /** Keys (`namespace/name` of the controller's own kind) to look at; none: the change does not matter. */
  keys(event: StoreEvent<T>): readonly string[];
}

/**
 * One kind's control loop. Level-triggered: `reconcile` reads the world and never trusts the event that woke it.
 *
 * Guarantees: a key is never in two passes at once; a change during a pass leads to another pass; a pass that throws comes again
 * after 5 ms, doubling to 5 min; `TerminalError` does not come again until something changes.
 */
export interface Controller {
  /** Lower case, in metrics and logs: `shardedservice`. */
  readonly name: string;
  readonly watches: readonly ControllerWatch[];
  reconcile(key: string, context: PassContext): Promise<ReconcileResult>;
  /** Passes at the same time. Default: 4. */
  readonly workers?: number;
  /** Default: 60,000 ms. */
  readonly passTimeoutMs?: number;
}

/** For `watches`: keeps a watch of one kind beside others of another kind in one list. */
export function watchOf<T extends KubeObject>(watch: ControllerWatch<T>): ControllerWatch {
  // The informer hands out only its own kind, so that narrowing the event's type is safe.
  return watch as unknown as ControllerWatch;
}
