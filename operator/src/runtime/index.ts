/** The operator's core: queue, workers, lease, manager. */
export { LeadershipLostError, PassTimeoutError, TerminalError } from './errors.ts';
export { type Controller, type ControllerWatch, type PassContext, type ReconcileResult, watchOf } from './types.ts';
