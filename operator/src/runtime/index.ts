/** The operator's core: queue, workers, lease, manager. */
export { LeadershipLostError, PassTimeoutError, TerminalError } from './errors.ts';
export { fencedClient } from './fence.ts';
export { LEASE_TIMES, LeaderElector, type LeaderElectorOptions, type LeaseTimes } from './leader.ts';
export { Manager, type ManagerOptions, SyncTimeoutError } from './manager.ts';
export { RuntimeMetrics } from './metrics.ts';
export { ControllerRunner, type RunnerOptions } from './runner.ts';
export { type Controller, type ControllerWatch, type PassContext, type ReconcileResult, watchOf } from './types.ts';
export { type AddOptions, type Priority, QUEUE_BACKOFF, WorkQueue } from './work-queue.ts';
